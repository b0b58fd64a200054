/* A filter form that answers as soon as one chooses: <form data-autosubmit>. Typing waits for a pause; its button stays. */
export const selector = "form[data-autosubmit]";

export function attach(form) {
  let waiting;
  const send = () => form.requestSubmit();
  form.addEventListener("change", (event) => {
    if (event.target.matches('select, input[type="checkbox"], input[type="radio"], input[type="date"]')) send();
  });
  form.addEventListener("input", (event) => {
    if (!event.target.matches('input[type="search"]') || event.isComposing) return; // half a Pinyin word is no word
    clearTimeout(waiting);
    waiting = setTimeout(send, 400);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}
