/* Keeps a list fresh: <div data-fresh="/desk/tickets/" data-shows="list" data-every="3000">. Asks with the mark of what is shown;
   where something changed, the parts with the same id take the place of the old ones. Focus, chosen rows and the place on the
   page stay. Nothing is asked while the page or the box is hidden, a dialog is open, or somebody is in the middle of something.
   With data-at-once the box is empty at first, and the first asking does not wait. */
export const selector = "[data-fresh]";

const LONGEST = 60_000;
const EMPTY = 500; // how soon a box that has nothing yet is looked at again: it may have come in sight

export function attach(box) {
  const every = Number(box.dataset.every);
  const atOnce = "atOnce" in box.dataset;
  let wait = every;
  let mark = "";
  let asked = "";

  const turn = async () => {
    if (!box.isConnected) return;
    const answered = isBusy(box) ? undefined : await look(); // undefined: somebody is in the middle of something
    if (answered !== undefined) wait = answered ? every : Math.min(wait * 2, LONGEST);
    setTimeout(turn, answered === undefined && !mark && atOnce ? EMPTY : wait);
  };

  const look = async () => {
    const address = box.dataset.fresh + location.search;
    if (address !== asked) mark = "";
    asked = address;
    const headers = { "X-Fresh": box.dataset.shows, "X-Background": "1" };
    if (mark) headers["If-None-Match"] = mark;
    try {
      const answer = await fetch(address, { headers, cache: "no-store", redirect: "manual" });
      if (answer.type === "opaqueredirect") return true; // signed out: the next press leads to the sign-in
      if (answer.status === 304) mark = answer.headers.get("ETag") ?? mark;
      if (!answer.ok) return answer.status === 304;
      const text = await answer.text();
      if (isBusy(box) || address !== box.dataset.fresh + location.search) return undefined;
      mark = answer.headers.get("ETag") ?? "";
      renew(text);
      return true;
    } catch {
      return false; // no connection: ask more rarely until there is one
    }
  };

  setTimeout(turn, atOnce ? 0 : every);
}

function isBusy(box) {
  return (
    document.hidden ||
    !box.getClientRects().length ||
    Boolean(document.querySelector("dialog[open], details.menu[open]")) ||
    Boolean(String(document.getSelection())) ||
    Boolean(box.querySelector(".htmx-request"))
  );
}

function renew(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const part of [...fresh.body.querySelectorAll("body > [id]")]) {
    const old = document.getElementById(part.id);
    if (!old || old.isEqualNode(part)) continue;
    const focused = old.contains(document.activeElement) ? wayTo(document.activeElement) : "";
    const chosen = new Set([...old.querySelectorAll("input[type=checkbox]:checked")].map((each) => each.value));
    const top = old.parentElement.scrollTop;
    const mine = document.importNode(part, true);
    for (const each of mine.querySelectorAll("input[type=checkbox]")) each.checked = chosen.has(each.value);
    old.replaceWith(mine);
    mine.parentElement.scrollTop = top;
    if (focused) mine.querySelector(focused)?.focus({ preventScroll: true });
    window.htmx?.process(mine);
    mine.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: mine } }));
  }
}

/* How to find the same thing in the new part. */
function wayTo(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const row = element.closest("[data-ref]");
  const name = element.tagName.toLowerCase();
  if (row) return `[data-ref="${CSS.escape(row.dataset.ref)}"] ${name}`;
  return element.getAttribute("href") ? `a[href="${CSS.escape(element.getAttribute("href"))}"]` : "";
}
