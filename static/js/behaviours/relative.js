/* Keeps "3 hours ago" true on a page that stays open: <time data-relative datetime="…">, rewritten once a minute.
   The server writes the first text; words here are the browser's for the page's language. */
export const selector = "time[data-relative]";

const shown = new Set();
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
const STEPS = [["minute", 60], ["hour", 3600], ["day", 86400]];

export function attach(element) {
  shown.add(element);
}

function refresh() {
  for (const element of shown) {
    if (!element.isConnected) {
      shown.delete(element);
      continue;
    }
    const seconds = Math.round((Date.parse(element.dateTime) - Date.now()) / 1000);
    const away = Math.abs(seconds);
    if (away < 60 || away >= 7 * 86400) continue; // "just now" and dates are the server's words
    const [unit, size] = STEPS.findLast(([, step]) => away >= step);
    element.textContent = words.format(Math.trunc(seconds / size), unit);
  }
}

setInterval(refresh, 60_000);
