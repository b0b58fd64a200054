/* Looks again while something runs: <a href data-again="2000"> is followed after so many milliseconds, unless somebody reads
   elsewhere on the page (a selection, an open menu). */
export const selector = "a[data-again]";

export function attach(link) {
  const wait = Number(link.dataset.again);
  const look = () => {
    const busy = document.hidden || String(document.getSelection()) || document.querySelector("details.menu[open]");
    if (busy) setTimeout(look, wait);
    else window.location.replace(link.href);
  };
  setTimeout(look, wait);
}
