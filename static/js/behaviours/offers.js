/* Phrases by `/` and colleagues by `@` in the composer: <textarea data-offers-from="address">. What is typed after the sign
   narrows the list; arrows choose, Enter or Tab puts it in, Escape closes. The list comes once for the page. A phrase brings
   its steps as ticks below the field. Chinese keyboards write `、` or `／` for the slash. */
export const selector = "textarea[data-offers-from]";

const SIGNS = { "/": "/", "／": "/", "、": "/", "@": "@", "＠": "@" };
const ASKED = /(?:^|[\s，。！？；：])([/／、@＠])([^\s/／、@＠]{0,20})$/u;

let lists; // a promise of the fragment, shared by both composers

export function attach(field) {
  const form = field.form;
  const box = form.querySelector("[data-offers-box]");
  let shown = [];
  let at = 0;

  field.addEventListener("input", (event) => !event.isComposing && look());
  field.addEventListener("compositionend", look);
  field.addEventListener("blur", () => setTimeout(() => box.contains(document.activeElement) || close(), 150));
  field.addEventListener("keydown", (event) => {
    if (box.hidden || event.isComposing) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) choose((at + move + shown.length) % shown.length);
    else if ((event.key === "Enter" || event.key === "Tab") && shown.length) put(shown[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  form.querySelector("[data-opens-offers]")?.addEventListener("click", (event) => {
    event.preventDefault();
    const before = field.value.slice(0, field.selectionStart);
    insert(before && !/\s$/.test(before) ? " /" : "/", 0);
    look();
  });

  async function look() {
    const asked = ASKED.exec(field.value.slice(0, field.selectionStart));
    if (!asked) return close();
    lists ??= fetch(field.dataset.offersFrom, { headers: { "HX-Request": "true" } }).then((answer) => {
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    });
    let fragment;
    try {
      fragment = new DOMParser().parseFromString(await lists, "text/html");
    } catch {
      lists = undefined; // asked again with the next sign
      return close();
    }
    const word = asked[2].toLowerCase();
    const list = fragment.querySelector(`[data-offers="${SIGNS[asked[1]]}"]`);
    for (const one of list.querySelectorAll("li")) if (!one.dataset.find.toLowerCase().includes(word)) one.remove();
    shown = [...list.querySelectorAll("li")];
    if (!shown.length) return close();
    list.id = `${field.id}-offers`;
    const preview = document.createElement("div");
    preview.className = "offers__preview";
    preview.tabIndex = 0; // it scrolls
    box.replaceChildren(list, preview);
    for (const one of shown) {
      one.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
      one.addEventListener("click", () => put(one));
    }
    box.hidden = false;
    field.setAttribute("aria-controls", list.id);
    choose(0);
  }

  function choose(index) {
    at = index;
    shown.forEach((one, number) => one.setAttribute("aria-selected", String(number === index)));
    field.setAttribute("aria-activedescendant", shown[index].id);
    shown[index].scrollIntoView({ block: "nearest" });
    const preview = box.querySelector(".offers__preview");
    const steps = [...(shown[index].querySelector("template")?.content.querySelectorAll("label") ?? [])];
    preview.textContent = shown[index].dataset.text;
    preview.hidden = !shown[index].dataset.key;
    if (steps.length) preview.append(told(steps));
    box.scrollIntoView({ block: "nearest", behavior: "instant" }); // the preview stands above the bar of a phone,
    field.scrollIntoView({ block: "nearest", behavior: "instant" }); // but one never loses sight of what one types
  }

  function told(steps) {
    const line = document.createElement("p");
    line.className = "quiet small";
    const when = form.querySelector("[data-steps] legend").textContent;
    line.textContent = [when, ...steps.map((step) => step.textContent.trim())].join(" · ");
    return line;
  }

  function put(one) {
    const asked = ASKED.exec(field.value.slice(0, field.selectionStart));
    insert(one.dataset.text, asked ? asked[1].length + asked[2].length : 0);
    if (one.dataset.key) bring(one);
    close();
    field.focus();
  }

  function bring(phrase) {
    form.elements.phrase.value = phrase.dataset.key;
    const steps = phrase.querySelector("template").content;
    form.querySelector("[data-steps-list]").replaceChildren(...document.importNode(steps, true).children);
    form.querySelector("[data-steps]").hidden = !steps.childElementCount;
  }

  function insert(text, instead) {
    const end = field.selectionStart;
    field.setRangeText(text, end - instead, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function close() {
    box.hidden = true;
    shown = [];
    field.removeAttribute("aria-activedescendant");
    field.removeAttribute("aria-controls");
  }
}
