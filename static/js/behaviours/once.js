/* A form that is sent once: a second press while the first is under way does nothing. The server guards too; this spares
   the person the wait. Forms that htmx sends are freed again when the answer is there. */
export const selector = 'form[method="post"]';

export function attach(form) {
  let under = false;
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented && !under) return;
    if (under) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    under = true;
    event.submitter?.setAttribute("data-sent", "");
  });
  const free = () => {
    under = false;
    form.querySelector("[data-sent]")?.removeAttribute("data-sent");
  };
  form.addEventListener("htmx:afterRequest", free);
  addEventListener("pageshow", (event) => event.persisted && free()); // back button: the page comes as it was left
}
