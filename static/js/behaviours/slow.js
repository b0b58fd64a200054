/* Answers of the server that make one wait or fail, for all of htmx: a bar after 300 ms; a failure is said in words and
   what was typed stays, because nothing is swapped. The words are data attributes of <body>. */
import { say } from "./flash.js";

export const selector = "body";

const PATIENCE = 300; // milliseconds

export function attach(body) {
  let under = 0;
  let timer;
  body.addEventListener("htmx:beforeRequest", () => {
    under += 1;
    clearTimeout(timer);
    timer = setTimeout(() => under && body.setAttribute("data-slow", ""), PATIENCE);
  });
  body.addEventListener("htmx:afterRequest", () => {
    under = Math.max(0, under - 1);
    if (under) return;
    clearTimeout(timer);
    body.removeAttribute("data-slow");
  });
  body.addEventListener("htmx:sendError", () => say(body.dataset.offline));
  body.addEventListener("htmx:timeout", () => say(body.dataset.offline));
  body.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    say(status === 403 ? body.dataset.expired : status === 429 ? body.dataset.busy : body.dataset.failed);
  });
}
