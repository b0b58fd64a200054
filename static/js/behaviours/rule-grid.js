/* The grid of rules by keyboard: <div data-rule-grid data-focus="id">. Arrows go from cell to cell, Home and End along the
   row; one cell at a time is in the order of Tab. After a change the focus is on the place that changed. */
export const selector = "[data-rule-grid]";

let last = ""; // the cell one came from, for answers that name none

export function attach(editor) {
  const cells = () => [...editor.querySelectorAll(".rule-cell")].filter((cell) => cell.checkVisibility());
  const all = cells();
  const wanted = editor.dataset.focus || (document.activeElement === document.body ? last : "");
  const place = wanted && (document.getElementById(wanted) ?? editor);
  rove(all, all.includes(place) ? place : all[0]);
  if (place) {
    place.focus({ preventScroll: true });
    editor.querySelector(".rule-ghost + .rule-told")?.scrollIntoView({ block: "nearest" }); // what one has to answer, if it fits
    place.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  editor.addEventListener("focusin", (event) => {
    if (!event.target.matches(".rule-cell")) return;
    last = event.target.id;
    rove(cells(), event.target);
  });
  editor.addEventListener("keydown", (event) => {
    if (!event.target.matches(".rule-cell") || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = step(event.target, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

function rove(cells, current) {
  for (const cell of cells) cell.tabIndex = cell === current ? 0 : -1;
}

function step(cell, key) {
  const line = inRow(cell.closest("tr"));
  const at = line.indexOf(cell);
  if (key === "Home") return line[0];
  if (key === "End") return line.at(-1);
  if (key === "ArrowLeft" || key === "ArrowRight") return line[at + (key === "ArrowRight" ? 1 : -1)];
  if (key !== "ArrowUp" && key !== "ArrowDown") return null;
  const rows = [...cell.closest("table").querySelectorAll("tbody tr")].filter((row) => inRow(row).length);
  const to = rows[rows.indexOf(cell.closest("tr")) + (key === "ArrowDown" ? 1 : -1)];
  return to && (inRow(to)[at] ?? inRow(to).at(-1));
}

function inRow(row) {
  return [...row.querySelectorAll(".rule-cell")].filter((cell) => cell.checkVisibility());
}
