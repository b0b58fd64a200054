/* <button data-prints hidden> prints the page; with data-prints="at-once" also by itself, when it is there. */
export const selector = "button[data-prints]";

export function attach(button) {
  button.hidden = false;
  button.addEventListener("click", () => print());
  if (button.dataset.prints === "at-once") setTimeout(() => print(), 0);
}
