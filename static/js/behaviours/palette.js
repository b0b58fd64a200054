/* The command palette: <dialog data-palette="/desk/palette/">, opened by Ctrl K, Cmd K or a link [data-opens]. The field keeps the
   focus; arrows choose an option of the list box below it, Enter carries it out: go to an address, ask with a form, do at once.
   Keys count for the lines that answer what stands in the field: pressed before those are there, they wait for them. */
import { putAway } from "./menu.js";

export const selector = "dialog[data-palette]";

const PAUSE = 150; // milliseconds after the last key before the server is asked
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export function attach(box) {
  const field = box.querySelector("input");
  const place = box.querySelector("[data-palette-lines]");
  let waiting;
  let turn = 0; // each text has its own, and an answer to an earlier one is dropped
  let answered = false; // the lines are those of this turn
  let ahead = []; // keys pressed before they were

  const options = () => [...place.querySelectorAll("[role=option]")];
  const chosen = () => place.querySelector("[aria-selected=true]");

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  };

  /* The lines below answer other words than those in the field now: no key carries one of them out. */
  const outdate = () => {
    clearTimeout(waiting);
    turn += 1;
    answered = false;
    ahead = [];
    choose();
  };

  const ask = async () => {
    const mine = turn;
    const query = new URLSearchParams({ q: field.value, ticket: box.dataset.ticket ?? "" });
    try {
      const answer = await fetch(`${box.dataset.palette}?${query}`, { headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const text = await answer.text();
      if (mine !== turn || !box.open) return; // somebody has typed on, or gone
      place.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
      choose(options()[0]);
      answered = true;
      for (const key of ahead) if (box.open) press(key);
    } catch {
      if (mine === turn) place.textContent = document.body.dataset.offline;
    }
  };

  const act = (option) => {
    const { href, how } = option.dataset;
    box.close();
    if (how === "go") return location.assign(href);
    const back = `${href}?next=${encodeURIComponent(location.pathname + location.search)}`;
    if (how === "ask") return window.htmx.ajax("GET", back, { target: "#deed", swap: "outerHTML" });
    window.htmx.ajax("POST", back, { target: "#deed", swap: "outerHTML" }); // refused, it comes back as a form
  };

  const press = (key) => {
    const all = options();
    if (key === "Enter" && chosen()) act(chosen());
    else if (STEPS[key] && all.length) choose(all[(all.indexOf(chosen()) + STEPS[key] + all.length) % all.length]);
  };

  const typed = (event) => {
    outdate();
    if (!event.isComposing) waiting = setTimeout(ask, PAUSE); // half a Pinyin word is no word
  };

  const open = () => {
    if (document.querySelector("dialog[open]:not([data-palette])")) return;
    putAway();
    if (!box.open) box.showModal();
    field.select();
    outdate();
    ask();
  };

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (box.open) box.close();
    else open();
  });
  for (const link of document.querySelectorAll("[data-palette-opens]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      open();
    });
  }
  field.addEventListener("input", typed);
  field.addEventListener("compositionend", typed);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // 229: Safari, of the Enter that has just ended composing
    if (event.key !== "Enter" && !STEPS[event.key]) return;
    event.preventDefault();
    if (answered) press(event.key);
    else if (field.value.trim()) ahead.push(event.key); // into an empty field nobody typed what they might mean
  });
  place.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) act(option);
  });
}
