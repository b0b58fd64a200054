/* The command palette: <dialog data-palette="/desk/palette/">, opened by Ctrl K, Cmd K or a link [data-opens]. The field keeps the
   focus; arrows choose an option of the list box below it, Enter carries it out: go to an address, ask with a form, do at once. */
import { putAway } from "./menu.js";

export const selector = "dialog[data-palette]";

const PAUSE = 150; // milliseconds after the last key before the server is asked

export function attach(box) {
  const field = box.querySelector("input");
  const place = box.querySelector("[data-palette-lines]");
  let waiting;
  let turn = 0;

  const options = () => [...place.querySelectorAll("[role=option]")];
  const chosen = () => place.querySelector("[aria-selected=true]");

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  };

  const ask = async () => {
    const mine = ++turn;
    const query = new URLSearchParams({ q: field.value, ticket: box.dataset.ticket ?? "" });
    try {
      const answer = await fetch(`${box.dataset.palette}?${query}`, { headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const text = await answer.text();
      if (mine !== turn) return; // somebody has typed on
      place.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
      choose(options()[0]);
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

  const open = () => {
    if (document.querySelector("dialog[open]:not([data-palette])")) return;
    putAway();
    if (!box.open) box.showModal();
    field.select();
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
  field.addEventListener("input", (event) => {
    if (event.isComposing) return; // half a Pinyin word is no word
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  field.addEventListener("compositionend", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    const here = all.indexOf(chosen());
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      choose(all[(here + step + all.length) % all.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (chosen()) act(chosen());
    }
  });
  place.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) act(option);
  });
}
