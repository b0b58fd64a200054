/* Turns the sections of <div data-tabs> into tabs, with the names from their data-tab. Without JavaScript they stand
   below each other under their headings. Arrow keys move, as the WAI-ARIA pattern wants it. */
export const selector = "[data-tabs]";

export function attach(box) {
  const panels = [...box.querySelectorAll(":scope > [data-tab]")];
  const list = document.createElement("div");
  list.className = "tabs";
  list.setAttribute("role", "tablist");
  if (box.dataset.tabs) list.setAttribute("aria-label", box.dataset.tabs);
  const tabs = panels.map((panel, index) => {
    panel.id ||= `${box.id || "tabs"}-${index}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", `${panel.id}-tab`);
    const tab = document.createElement("button");
    tab.type = "button";
    tab.id = `${panel.id}-tab`;
    tab.textContent = panel.dataset.tab;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    tab.addEventListener("click", () => choose(index));
    return tab;
  });

  function choose(chosen, focus = false) {
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
      panels[index].hidden = index !== chosen;
    });
    if (focus) tabs[chosen].focus();
  }

  list.addEventListener("keydown", (event) => {
    const here = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose((to + tabs.length) % tabs.length, true);
  });
  list.append(...tabs);
  box.prepend(list);
  box.classList.add("is-ready");
  const wrong = panels.findIndex((panel) => panel.querySelector('[aria-invalid="true"], .error-summary'));
  const wanted = panels.findIndex((panel) => `#${panel.id}` === location.hash || panel.hasAttribute("data-current"));
  choose(Math.max(wrong >= 0 ? wrong : wanted, 0));
}
