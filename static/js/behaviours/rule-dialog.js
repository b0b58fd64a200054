/* The dialog of the rule editor: opens when a picker arrives in it, closes when the grid has its answer, and gives the
   focus back to the cell. Ticking a value in a picker that still says "any" means "one of these". */
export const selector = "#rule-dialog";

export function attach(dialog) {
  const picker = dialog.querySelector("#rule-picker");
  let opener;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target === picker && !dialog.open) opener = event.detail.elt.id;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== picker) return;
    for (const hidden of picker.querySelectorAll("[data-needs-script]")) hidden.hidden = false;
    if (!dialog.open) dialog.showModal();
    (picker.querySelector("[autofocus]") ?? picker.querySelector("input:not([type=hidden]), select, textarea, a"))?.focus();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id === "rule-editor" && dialog.open) dialog.close();
  });
  dialog.addEventListener("close", () => opener && document.getElementById(opener)?.focus());
  picker.addEventListener("change", (event) => {
    const any = picker.querySelector('[name="mode"][value="any"]');
    if (any?.checked && event.target.matches('[type="checkbox"][name="value"], [type="number"]')) {
      picker.querySelector('[name="mode"][value="in"]').checked = true;
    }
  });
}
