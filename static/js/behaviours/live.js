/* An open ticket page keeps itself true: <div data-live="address" data-etag data-seconds data-after data-seen data-whose data-was data-due>.
   One conditional request every few seconds while the page is in sight; it also says that one is here and whether one
   writes. Pieces that say the same as before are left alone, so menus, focus and what is typed stay. A message counts as
   seen when it has been on the screen; the composer says with each sending which one was the last, and so does a deed. */
import { say } from "./flash.js";

export const selector = "[data-live]";

const WRITING = 15_000; // milliseconds after the last key
const LOOK = 400; // milliseconds a message must be in sight
const AWAY = 4; // so many times slower while no answer comes

let place; // the newest [data-live]; each answer brings another
let etag = "";
let owed = false; // a piece could not be renewed because somebody was in it
let timer;
let asking = false;
let anew = false; // something is to be said that the asking under way does not say
let typedAt = 0;
let lastFocus;
const seen = new Set();

export function attach(element) {
  const first = !place;
  place = element;
  etag = element.dataset.etag;
  watch();
  if (first) begin();
}

function begin() {
  document.addEventListener("visibilitychange", () => !document.hidden && ask());
  document.addEventListener("input", (event) => event.target.closest("[data-composer]") && typed());
  document.addEventListener("focusin", (event) => (lastFocus = event.target));
  document.addEventListener("htmx:oobBeforeSwap", leaveAlone);
  document.addEventListener("htmx:configRequest", (event) => Object.assign(event.detail.headers, shownFrom()));
  document.addEventListener("htmx:configRequest", (event) => sayWhatWasRead(event.detail));
  document.body.addEventListener("ticket-renewed", () => {
    keepFocus();
    turns().findLast((turn) => turn.querySelector("[data-undo]"))?.scrollIntoView({ block: "nearest" });
  });
  document.querySelector("[data-news-chip]")?.addEventListener("click", showNews);
  later();
}

function later(times = 1) {
  clearTimeout(timer);
  timer = setTimeout(ask, Number(place.dataset.seconds) * 1000 * times);
}

/* That one begins to write is said at once: with the turn of whoever looks it would otherwise be told two turns late. */
function typed() {
  const before = doing();
  typedAt = Date.now();
  if (doing() !== before) ask();
}

async function ask() {
  if (document.hidden) return;
  if (asking) {
    anew = true;
    return;
  }
  asking = true;
  clearTimeout(timer);
  const again = owed && !occupied();
  if (again) owed = false;
  try {
    const answer = await fetch(address(), {
      headers: { "If-None-Match": again ? "" : etag, "X-Background": "1", "HX-Request": "true", "HX-Current-URL": location.href, ...shownFrom() },
      redirect: "manual",
      credentials: "same-origin",
    });
    if (answer.status === 403 || answer.headers.get("HX-Redirect")) return say(place.dataset.signedOut); // and ask no more
    const html = answer.ok && (await answer.text());
    if (html && !sending()) take(html, answer.headers.get("ETag"));
    later();
  } catch {
    later(AWAY);
  } finally {
    asking = false;
    if (anew) later(0);
    anew = false;
  }
}

function address() {
  const { live, after, was, due } = place.dataset;
  const url = new URL(live, location.href);
  for (const [name, value] of Object.entries({ after, was, due, doing: doing() })) if (value) url.searchParams.set(name, value);
  return url;
}

function doing() {
  const form = document.activeElement?.closest("[data-composer]");
  return form && Date.now() - typedAt < WRITING ? form.dataset.composer : "";
}

/* A deed on its way brings the whole page with its answer; the form it came from must still be there to take it. */
function sending() {
  return Boolean(document.querySelector(".htmx-request"));
}

function take(html, tag) {
  const before = newest();
  htmx.swap(document.body, html, { swapStyle: "none" });
  etag = tag ?? place.dataset.etag;
  keepFocus();
  announce(before);
}

/* Same print: nothing new in this piece. Somebody types in it or has its menu open: later. */
function leaveAlone(event) {
  const { target, fragment } = event.detail;
  const fresh = fragment.firstElementChild;
  if (!target.dataset.print || !fresh?.dataset.print) return;
  if (target.dataset.print === fresh.dataset.print) event.detail.shouldSwap = false;
  else if (inUse(target)) {
    event.detail.shouldSwap = false;
    owed = true;
  }
}

function inUse(piece) {
  const active = document.activeElement;
  return Boolean(piece.querySelector("details.menu[open]")) || (piece.contains(active) && active.matches("input, select, textarea"));
}

function occupied() {
  return [...document.querySelectorAll("[data-print]")].some(inUse);
}

/* What had the focus is gone (its deed is done): the page itself has it, not the top of the document. */
function keepFocus() {
  if (document.activeElement !== document.body || !lastFocus || lastFocus.isConnected) return;
  const same = lastFocus.id && document.getElementById(lastFocus.id);
  const undone = lastFocus.hasAttribute("data-undo") && document.querySelector("[data-composer='reply'] textarea");
  (same || undone || document.getElementById("content"))?.focus({ preventScroll: !undone });
}

function turns() {
  return [...document.querySelectorAll("#conversation [data-message]")];
}

/* The first message stays the first: what is older was fetched above it, and nothing may fall between. */
function shownFrom() {
  const first = turns()[0]?.dataset.message;
  return first ? { "X-Shown-From": first } : {};
}

function newest() {
  return Math.max(0, ...turns().map((turn) => Number(turn.dataset.message)));
}

function announce(before) {
  const chip = document.querySelector("[data-news-chip]");
  const fresh = turns().filter((turn) => Number(turn.dataset.message) > before && !turn.querySelector("[data-undo]"));
  if (chip && fresh.some((turn) => !inSight(turn))) chip.hidden = false;
}

function showNews() {
  const first = turns().find((turn) => Number(turn.dataset.message) > lastSeen()) ?? turns().at(-1);
  document.querySelector("[data-news-chip]").hidden = true;
  if (!first) return;
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
  first.scrollIntoView({ block: "center" });
}

function inSight(turn) {
  const box = turn.getBoundingClientRect();
  return box.top < innerHeight && box.bottom > 0;
}

const observer = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (isIntersecting) setTimeout(() => inSight(target) && !document.hidden && sawOne(target), LOOK);
  }
});

function watch() {
  const known = lastSeen();
  for (const turn of turns()) if (Number(turn.dataset.message) > known) observer.observe(turn);
}

function seenFields() {
  return [...document.querySelectorAll("[data-composer] [name='seen']")];
}

/* The newest message in what a field says: "90", or "90,12" with the tickets merged into this one. These stay those the form was
   drawn with: the messages of one merged since may stand anywhere, so they are shown once more before anything is sent. */
function messageIn(field) {
  return Number.parseInt(field.value, 10) || 0;
}

function lastSeen() {
  return Math.max(0, ...seenFields().map(messageIn));
}

/* A deed from a button or the palette: the button was drawn with all that is on the page, in sight or not, and the palette
   knows of nothing. Whose the ticket is stands at the top. A form in the dialog says by itself what it has shown. */
function sayWhatWasRead({ target, elt, parameters }) {
  if (target?.id !== "deed" || elt.closest("#deed")) return;
  const [furthest] = seenFields().sort((a, b) => messageIn(b) - messageIn(a));
  parameters.seen = furthest ? furthest.value : place.dataset.seen;
  parameters.whose = place.dataset.whose;
}

/* One after the other: a message below one that was never in sight does not make that one seen. */
function sawOne(turn) {
  observer.unobserve(turn);
  seen.add(Number(turn.dataset.message));
  const keys = turns().map((each) => Number(each.dataset.message)).sort((a, b) => a - b);
  for (const field of seenFields()) {
    for (const key of keys) {
      if (key <= messageIn(field)) continue;
      if (!seen.has(key)) break;
      field.value = field.value.replace(/^\d*/, key);
    }
  }
  if (!keys.some((key) => key > lastSeen())) document.querySelector("[data-news-chip]")?.setAttribute("hidden", "");
}
