/* The days of a month by keyboard: <table data-day-grid>. Arrows go by a day or a week, Home and End along the week; one day at a
   time is in the order of Tab. */
export const selector = "[data-day-grid]";

export function attach(grid) {
  const days = [...grid.querySelectorAll(".month__day")];
  rove(days, days.find((day) => day.hasAttribute("aria-current")) ?? grid.querySelector(".is-today .month__day") ?? days[0]);
  grid.addEventListener("focusin", (event) => {
    if (days.includes(event.target)) rove(days, event.target);
  });
  grid.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = days.indexOf(event.target);
    const to = at < 0 ? undefined : step(at, event.key);
    if (to === undefined || !days[to]?.checkVisibility()) return;
    event.preventDefault();
    days[to].focus();
  });
}

function rove(days, current) {
  for (const day of days) day.tabIndex = day === current ? 0 : -1;
}

function step(at, key) {
  return {
    ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - 7, ArrowDown: at + 7, Home: at - (at % 7), End: at - (at % 7) + 6,
  }[key];
}
