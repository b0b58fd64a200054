/* Opens a <dialog> modally from a link to it: <a href="#refuse" data-opens="refuse">. [data-closes] inside closes it. */
import { putAway } from "./menu.js";

export const selector = "[data-opens], dialog.dialog";

export function attach(element) {
  if (element.matches("dialog")) return attachDialog(element);
  element.addEventListener("click", (event) => {
    const dialog = document.getElementById(element.dataset.opens);
    if (!dialog) return;
    event.preventDefault();
    putAway();
    dialog.showModal();
  });
}

function attachDialog(dialog) {
  dialog.addEventListener("click", (event) => {
    const closes = event.target.closest("[data-closes]");
    if (!closes && event.target !== dialog) return; // a click on the shade reaches the dialog itself
    if (!closes && inside(dialog, event)) return;
    if (closes) event.preventDefault();
    dialog.close();
  });
  // A form that came back with errors shows its dialog again.
  if (dialog.querySelector('[aria-invalid="true"], .error-summary')) dialog.showModal();
  if (location.hash === `#${dialog.id}` && !dialog.open) dialog.showModal();
  dialog.addEventListener("close", () => {
    if (location.hash === `#${dialog.id}`) history.replaceState(null, "", location.pathname + location.search);
  });
}

function inside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom;
}
