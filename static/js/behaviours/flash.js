/* One sentence about what just happened: can be put away; good news leaves by itself, bad news stays.
   `say(text, tone)` lets other behaviours use the same place. */
export const selector = ".flash .notice";

const STAYS = 8000; // milliseconds; long enough to read two lines twice

export function attach(notice) {
  notice.querySelector("[data-put-away]")?.addEventListener("click", () => notice.remove());
  if (!notice.classList.contains("notice--success")) return;
  if (!document.body.classList.contains("face-desk")) return; // on the portal nothing moves by itself
  let timer = setTimeout(() => notice.remove(), STAYS);
  for (const name of ["mouseenter", "focusin"]) notice.addEventListener(name, () => clearTimeout(timer));
  notice.addEventListener("mouseleave", () => (timer = setTimeout(() => notice.remove(), STAYS)));
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
