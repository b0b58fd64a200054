/* Hands stay on the keyboard: <form data-composer> and the dialog of deeds. Ctrl Enter (⌘ Enter) sends the form as its main button
   would; Escape leaves a field of the composer, so that single keys work again. */
export const selector = "form[data-composer], dialog[data-deed-box]";

export function attach(place) {
  place.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat || event.defaultPrevented) return;
    if (event.key === "Escape" && place.matches("form") && event.target.matches("textarea, input")) event.target.blur();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest("form");
    const main = form && [...form.querySelectorAll("button[type=submit]:not([formaction])")].at(-1);
    if (!main) return;
    event.preventDefault();
    main.click();
  });
}
