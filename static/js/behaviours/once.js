/* A form that is sent once: a second press while the first is under way does nothing. The server guards too; this spares
   the person the wait. Freed again when htmx has its answer, and after some seconds, because an answer that is a download
   leaves the page where it is. */
export const selector = 'form[method="post"]';

const DOUBLE = 5000; // milliseconds in which a second press is a double press

export function attach(form) {
  let under = false;
  let pressed;
  const free = () => {
    under = false;
    pressed?.removeAttribute("data-sent");
  };
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented && !under) return;
    if (under) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    under = true;
    pressed = event.submitter;
    pressed?.setAttribute("data-sent", "");
    setTimeout(free, DOUBLE);
  });
  form.addEventListener("htmx:afterRequest", free);
  addEventListener("pageshow", (event) => event.persisted && free()); // back button: the page comes as it was left
}
