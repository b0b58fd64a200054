/* Nothing typed is lost: <form data-composer data-kept-for="key" data-longest data-too-long data-not-kept>.
   Until the server has the words they are also in this window's storage: after a refusal, a sign-out, a crash or without a
   connection they are there again when the page is. What is too long is said before it is sent. */
export const selector = "form[data-composer]";

const LONGEST_DRAFT = 50_000; // characters the server keeps of a draft

let pageLoaded = false;
let pageLeaves = false;
addEventListener("beforeunload", () => (pageLeaves = true));

export function attach(form) {
  const field = form.querySelector("textarea");
  const key = `kept:${form.dataset.keptFor}`;
  let sending = false;
  restore(form, field, key);
  if (form.querySelector(".newer")) form.querySelector(".newer").focus();
  else if (form.querySelector(".findings__title")) field.focus();

  field.addEventListener("input", () => {
    pageLeaves = false; // it has stayed after all
    keep(key, { text: field.value, at: Date.now() });
    tooLong(form, field);
  });
  form.addEventListener("htmx:beforeRequest", (event) => {
    const draft = event.detail.elt === field;
    if (draft ? sending || field.value.length > LONGEST_DRAFT : tooLong(form, field)) event.preventDefault();
    if (!draft && event.defaultPrevented) field.focus();
    else if (event.detail.elt === form) startSending();
    else if (draft && !event.defaultPrevented && kept(key)) keep(key, { sent: field.value });
  });
  form.addEventListener("htmx:afterRequest", (event) => event.detail.elt === form && (sending = false));
  // A draft that came after the message would be a second copy of it.
  const startSending = () => {
    sending = true;
    htmx.trigger(field, "htmx:abort");
  };
  // Before the answer is put in: what was sent is on the server now, as a message or as a draft; what was typed since is not.
  // The page that comes next may have been read before a draft was saved, so that one is kept for it.
  form.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, elt, requestConfig } = event.detail;
    if (xhr.status >= 400 || xhr.getResponseHeader("HX-Redirect")) return;
    if (elt === form || (!pageLeaves && kept(key)?.text === requestConfig.parameters.text)) forget(key);
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    form.addEventListener(name, () => say(form, form.dataset.notKept));
  }
  form.querySelector("[data-keeps-draft]")?.addEventListener("click", (event) => {
    event.preventDefault();
    htmx.trigger(field, "keep");
  });
  addEventListener("online", () => form.isConnected && kept(key) && htmx.trigger(field, "keep"));
  setTimeout(() => (pageLoaded = true));
}

function restore(form, field, key) {
  const found = kept(key);
  if (!found?.text.trim() || field.value.includes(found.text)) return;
  if (!field.value.trim()) field.value = found.text;
  else if (pageLoaded) field.value = `${field.value}\n\n${found.text}`; // given back by an undo, and something begun since
  else if (goesOn(found, field.value) || found.at > Date.parse(form.dataset.savedAt || 0)) field.value = found.text;
  else return;
  say(form, form.dataset.notKept); // and not "saved", which is true of other words
  setTimeout(() => htmx.trigger(field, "keep"));
}

/* What the server has is what this window sent, or the beginning of what it keeps: times say nothing, because the server may have
   saved the earlier words after the later ones were typed, and its clock is another one. */
function goesOn(found, saved) {
  return found.sent === saved || found.text.startsWith(saved);
}

function tooLong(form, field) {
  const longest = Number(form.dataset.longest);
  const length = [...field.value.trim()].length;
  const wrong = length > longest;
  if (wrong) say(form, form.dataset.tooLong.replace("%(length)s", length.toLocaleString()).replace("%(longest)s", longest.toLocaleString()));
  field.toggleAttribute("aria-invalid", wrong);
  return wrong;
}

function say(form, words) {
  const place = form.querySelector(".draft-state");
  if (place) place.textContent = words;
}

/* `text` as typed `at`, and the words last `sent` to be saved. */
function keep(key, news) {
  try {
    sessionStorage.setItem(key, JSON.stringify({ ...kept(key), ...news }));
  } catch {
    /* storage is full or switched off: the words are in the field, and on the server after the pause */
  }
}

function kept(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function forget(key) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    /* nothing was kept */
  }
}
