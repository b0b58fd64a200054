/* One sentence about what just happened: can be put away; good news leaves by itself, or when newer good news comes; bad news
   stays, and never more than four stand at once. `say(text, tone)` lets other behaviours use the same place. */
export const selector = ".flash .notice";

const STAYS = 8000; // milliseconds; long enough to read two lines twice
const MOST = 4;

const together = new Set(); // what one answer brings

export function attach(notice) {
  notice.querySelector("[data-put-away]")?.addEventListener("click", () => notice.remove());
  if (!document.body.classList.contains("face-desk")) return; // on the portal nothing moves by itself
  makeRoom(notice);
  if (!isGood(notice)) return;
  let timer = setTimeout(() => notice.remove(), STAYS);
  for (const name of ["mouseenter", "focusin"]) notice.addEventListener(name, () => clearTimeout(timer));
  notice.addEventListener("mouseleave", () => (timer = setTimeout(() => notice.remove(), STAYS)));
}

/* "Sent in ten seconds" is not true any more beside "taken back": what one has just done makes what one did before old. */
function makeRoom(notice) {
  if (!together.size) setTimeout(() => together.clear());
  together.add(notice);
  const all = [...notice.parentElement.querySelectorAll(".notice")];
  const standing = all.slice(0, all.indexOf(notice)); // what comes after it has its own turn
  if (isGood(notice)) for (const old of standing) if (isGood(old) && !together.has(old)) old.remove();
  for (const old of standing.filter((each) => each.isConnected).slice(0, 1 - MOST)) old.remove();
}

function isGood(notice) {
  return notice.classList.contains("notice--success");
}

export function say(text, tone = "danger") {
  const region = document.getElementById("flash");
  const pattern = document.getElementById("flash-pattern");
  if (!region || !pattern) return;
  for (const other of region.querySelectorAll(".notice")) {
    if (other.querySelector(".notice__body").textContent.trim() === text) return; // said already, still there
  }
  const notice = pattern.content.firstElementChild.cloneNode(true);
  notice.classList.add(`notice--${tone}`);
  notice.querySelector(".notice__body").textContent = text;
  region.append(notice);
  attach(notice);
}
