/* The dialog into which htmx brings the form of a deed: <dialog data-deed-box><div id="deed"></div></dialog>.
   It opens when a form has arrived and forgets it when it is closed. Without JavaScript the link leads to the form's own page. */
export const selector = "dialog[data-deed-box]";

export function attach(box) {
  const open = () => {
    if (!box.querySelector("#deed")?.childElementCount) return;
    if (!box.open) {
      for (const menu of document.querySelectorAll("details.menu[open]")) menu.removeAttribute("open");
      box.showModal();
    }
    const first = box.querySelector(".errors, input:not([type=hidden]), select, textarea");
    first?.focus();
    if (first?.matches("textarea")) first.setSelectionRange(first.value.length, first.value.length); // one goes on where it ends
  };
  open(); // a quick click may have brought the form before this was loaded
  document.body.addEventListener("htmx:afterSettle", open);
  document.body.addEventListener("ticket-renewed", () => box.open && box.close()); // done: the page says so itself
  box.addEventListener("close", () => box.querySelector("#deed")?.replaceChildren());
}
