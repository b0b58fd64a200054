/* The rows that are chosen in a list: <form data-bulk> with boxes that name it by form="bulk". Hidden until a row is chosen; says
   how many are; the box in the head chooses all rows of the page; Escape chooses none. */
export const selector = "form[data-bulk]";

export function attach(form) {
  const boxes = () => [...document.querySelectorAll(`input[type=checkbox][form="${form.id}"]`)];
  const head = document.querySelector("[data-bulk-all]");
  const count = form.querySelector("[data-bulk-count]");

  const show = () => {
    const all = boxes();
    const chosen = all.filter((box) => box.checked);
    form.hidden = !chosen.length;
    count.textContent = chosen.length === 1 ? form.dataset.one : form.dataset.many.replace("{number}", chosen.length);
    if (head) {
      head.checked = chosen.length > 0 && chosen.length === all.length;
      head.indeterminate = chosen.length > 0 && chosen.length < all.length;
    }
    for (const box of all) box.closest("tr, li")?.toggleAttribute("data-chosen", box.checked);
  };

  const list = form.closest("#list") ?? document;
  list.addEventListener("change", (event) => {
    if (event.target === head) for (const box of boxes()) box.checked = head.checked;
    show();
  });
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || form.hidden) return;
    for (const box of boxes()) box.checked = false;
    show();
  });
  if (head) head.hidden = false;
  show();
}
