/* <button data-prints hidden> prints the page. */
export const selector = "button[data-prints]";

export function attach(button) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
