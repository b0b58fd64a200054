/* A <details class="menu"> closes on Escape, on a click elsewhere, and when another one opens. */
export const selector = "details.menu";

export function attach(menu) {
  const close = () => menu.removeAttribute("open");
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) close();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    close();
    menu.querySelector("summary").focus();
  });
}

/* What was chosen in a menu opens something over the page: the menu closes, and gives back the focus where one began. */
export function putAway() {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.removeAttribute("open");
  }
}
