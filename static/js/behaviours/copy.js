/* Puts a text on the clipboard: <button data-copies="text" data-done="Copied" hidden>. Shown only where that can work. */
export const selector = "button[data-copies]";

export function attach(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const name = button.getAttribute("aria-label");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copies);
    button.classList.add("is-done");
    button.setAttribute("aria-label", button.dataset.done);
    setTimeout(() => {
      button.classList.remove("is-done");
      button.setAttribute("aria-label", name);
    }, 2000);
  });
}
