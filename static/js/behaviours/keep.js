/* Keeps a half-filled form on the server while one types: <form data-keeps data-kept="Saved" data-lost="Not saved yet">.
   Sends what is typed to the form's own address with the header X-Keep; the server saves it and answers 204. Photos are not
   sent this way. Without a connection the words stay in the page, and are sent when it is back. */
export const selector = "form[data-keeps]";

const PAUSE = 800; // milliseconds after the last key

export function attach(form) {
  const said = form.querySelector("[data-keep-said]");
  let waiting;
  let unsaved = false;
  let leaving = false;

  const say = (words) => said && (said.textContent = words);
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    unsaved = true;
    clearTimeout(waiting);
    waiting = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(waiting);
  });
  addEventListener("online", () => unsaved && save());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && unsaved && save());
  addEventListener("pageshow", () => (leaving = false));

  async function save() {
    if (leaving) return;
    clearTimeout(waiting);
    unsaved = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body: words(form), headers: { "X-Keep": "1" }, redirect: "manual", keepalive: true });
      if (answer.status !== 204) throw new Error(answer.status);
      say(form.dataset.kept);
    } catch {
      unsaved = true;
      say(form.dataset.lost);
    }
  }
}

function words(form) {
  const typed = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") typed.append(name, value);
  return typed;
}
