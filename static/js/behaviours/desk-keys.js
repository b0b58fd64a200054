/* The desk by keyboard: <dl data-desk-keys data-home data-queue data-mine data-views data-promises>, which is the list of the keys itself.
   Single keys work outside of fields only, and can be switched off for this device (WCAG 2.1.4). */
export const selector = "[data-desk-keys]";

const OFF = "desk-keys-off";

export function attach(list) {
  const places = { h: list.dataset.home, q: list.dataset.queue, m: list.dataset.mine, v: list.dataset.views, p: list.dataset.promises };
  const on = document.querySelector("[data-keys-on]");
  let going = false; // after `g`
  on.checked = !isOff();
  on.addEventListener("change", () => remember(!on.checked));

  document.addEventListener("keydown", (event) => {
    if (isOff() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, dialog, [contenteditable]")) return;
    if (going) {
      going = false;
      if (places[event.key]) location.assign(places[event.key]);
      return;
    }
    const act = keys[event.key];
    if (event.key === "g") going = true;
    else if (act?.()) event.preventDefault();
  });
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => focus("[data-key='/']"),
  r: () => write("r"),
  n: () => write("n"),
  a: () => press("[data-deed='assignee'], [data-deed='taking'] button"),
  e: () => press("[data-deed='closing'] button, a[data-deed='closing']"),
  x: () => choose(),
  "?": () => document.getElementById("keys")?.showModal() ?? true,
};

/* The rows of the first list on the page; the one in focus, or the one that is open, is where one stands. */
function step(by) {
  const rows = [...document.querySelectorAll("[data-work] a.work__subject")].filter((row) => row.checkVisibility());
  if (!rows.length) return false;
  const focused = rows.indexOf(document.activeElement);
  const here = focused >= 0 ? focused : rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1);
  rows[next].focus();
  rows[next].scrollIntoView({ block: "nearest" });
  return true;
}

/* Choose the row in focus, or take it off again, for what is done to many at once. */
function choose() {
  const box = document.activeElement?.closest("[data-ref]")?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

function focus(what) {
  const field = document.querySelector(what);
  field?.focus();
  return Boolean(field);
}

/* The composer's tabs hide the form that is not chosen, so its tab is chosen first. */
function write(key) {
  const field = document.querySelector(`textarea[data-key='${key}']`);
  const panel = field?.closest("[role='tabpanel']");
  if (panel) document.getElementById(panel.getAttribute("aria-labelledby"))?.click();
  field?.focus();
  return Boolean(field);
}

function press(what) {
  const button = document.querySelector(what);
  button?.click();
  return Boolean(button);
}

function isOff() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false; // storage is switched off: the keys work
  }
}

function remember(off) {
  try {
    localStorage.setItem(OFF, off ? "1" : "0");
  } catch {
    /* it cannot be remembered here; the switch shows so at the next page */
  }
}
