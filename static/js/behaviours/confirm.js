/* A second look before something that cannot be undone: <button data-confirm="dialog-id"> opens that dialog;
   its [data-confirmed] button sends the form the first button belongs to. Without JavaScript the button sends at once,
   so an action that must be confirmed has a page or a checkbox of its own as well. */
export const selector = "button[data-confirm]";

export function attach(button) {
  button.addEventListener("click", (event) => {
    const dialog = document.getElementById(button.dataset.confirm);
    if (!dialog || button.hasAttribute("data-sure")) return;
    event.preventDefault();
    dialog.showModal();
    dialog.querySelector("[data-confirmed]")?.addEventListener(
      "click",
      () => {
        dialog.close();
        button.setAttribute("data-sure", "");
        button.form.requestSubmit(button);
        button.removeAttribute("data-sure");
      },
      { once: true },
    );
  });
}
