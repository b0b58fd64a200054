/* A long paste is never cut: <textarea data-longest="500" data-too-long="words">. What is too long is said below the text while one
   types, and is not sent until it is shorter; everything typed stays in the field. The server says the same. */
export const selector = "textarea[data-longest]";

export function attach(field) {
  const longest = Number(field.dataset.longest);
  let said;
  const look = () => {
    const length = field.value.length > longest ? [...field.value.trim()].length : 0;
    const words = length > longest ? field.dataset.tooLong.replace("%(length)s", length.toLocaleString()).replace("%(longest)s", longest.toLocaleString()) : "";
    field.setCustomValidity(words);
    if (!words && !said) return;
    said ??= placed(field);
    said.hidden = !words;
    said.textContent = words;
    if (words) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };
  field.addEventListener("input", look);
  // A form that is sent in place, or without the browser's own look at it, does not go either.
  field.form?.addEventListener("submit", (event) => stop(event, look, field), true);
  field.form?.addEventListener("htmx:beforeRequest", (event) => event.detail.elt === field.form && stop(event, look, field));
  look();
}

function stop(event, look, field) {
  if (event.submitter?.formNoValidate) return;
  look();
  if (field.checkValidity() || !field.validity.customError) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  field.focus();
}

function placed(field) {
  const line = document.createElement("p");
  line.className = "field__error";
  line.setAttribute("role", "alert");
  field.after(line);
  return line;
}
