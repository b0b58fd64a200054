/* Sets the remembered theme before the first paint; a classic script in <head>, because a module would come too late.
   "theme" is the key the Django admin knows too, so that all three faces agree. Values: light, dark, auto. */
"use strict";
(() => {
  let chosen = "auto";
  try {
    chosen = localStorage.getItem("theme") || "auto";
  } catch {
    /* storage is switched off: the system's wish stands */
  }
  document.documentElement.dataset.theme = ["light", "dark"].includes(chosen) ? chosen : "auto";
})();
