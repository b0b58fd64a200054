/* The theme switch: system, light, dark, in turn; remembered on this device for all three faces (see ../theme.js). */
export const selector = "[data-switches-theme]";

const ORDER = ["auto", "light", "dark"];
const root = document.documentElement;

export function attach(place) {
  const button = place.querySelector("button");
  const name = () => button.setAttribute("aria-label", button.dataset[root.dataset.theme] ?? button.dataset.auto);
  place.hidden = false;
  name();
  button.addEventListener("click", () => {
    const next = ORDER[(ORDER.indexOf(root.dataset.theme) + 1) % ORDER.length];
    root.dataset.theme = next;
    try {
      localStorage.setItem("theme", next);
    } catch {
      /* storage is switched off: it holds for this page */
    }
    name();
  });
}
