/* The dialog into which htmx brings the form of a deed: <dialog data-deed-box><div id="deed"></div></dialog>.
   It opens when a form has arrived and forgets it when it is closed; the focus is then where it was, though the page may have
   renewed that piece meanwhile. Without JavaScript the link leads to the form's own page. */
import { putAway } from "./menu.js";

export const selector = "dialog[data-deed-box]";

export function attach(box) {
  let from; // what had the focus
  const open = () => {
    if (!box.querySelector("#deed")?.childElementCount) return;
    if (!box.open) {
      putAway();
      from = document.activeElement;
      box.showModal();
    }
    const first = box.querySelector(".error-summary, input:not([type=hidden]), select, textarea");
    first?.focus();
    if (first?.matches("textarea")) first.setSelectionRange(first.value.length, first.value.length); // one goes on where it ends
  };
  open(); // a quick click may have brought the form before this was loaded
  document.body.addEventListener("htmx:afterSettle", open);
  document.body.addEventListener("ticket-renewed", () => box.open && box.close()); // done: the page says so itself
  box.addEventListener("close", () => {
    box.querySelector("#deed")?.replaceChildren();
    if (from?.id && !from.isConnected) document.getElementById(from.id)?.focus({ preventScroll: true });
  });
}
