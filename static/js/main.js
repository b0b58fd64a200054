/* Attaches every behaviour to what is on the page, and again to what htmx brings later.
   A behaviour is one module with `selector` and `attach(element)`; the page works without any of them. */
import * as again from "./behaviours/again.js";
import * as autosubmit from "./behaviours/autosubmit.js";
import * as bulk from "./behaviours/bulk.js";
import * as composer from "./behaviours/composer.js";
import * as confirm from "./behaviours/confirm.js";
import * as copy from "./behaviours/copy.js";
import * as countdown from "./behaviours/countdown.js";
import * as dayGrid from "./behaviours/day-grid.js";
import * as deskDeed from "./behaviours/desk-deed.js";
import * as deskKeys from "./behaviours/desk-keys.js";
import * as dialog from "./behaviours/dialog.js";
import * as errorSummary from "./behaviours/error-summary.js";
import * as fileDrop from "./behaviours/file-drop.js";
import * as flash from "./behaviours/flash.js";
import * as freshList from "./behaviours/fresh-list.js";
import * as keep from "./behaviours/keep.js";
import * as live from "./behaviours/live.js";
import * as longest from "./behaviours/longest.js";
import * as menu from "./behaviours/menu.js";
import * as offers from "./behaviours/offers.js";
import * as once from "./behaviours/once.js";
import * as palette from "./behaviours/palette.js";
import * as print from "./behaviours/print.js";
import * as relative from "./behaviours/relative.js";
import * as ruleDialog from "./behaviours/rule-dialog.js";
import * as ruleGrid from "./behaviours/rule-grid.js";
import * as sendKey from "./behaviours/send-key.js";
import * as slow from "./behaviours/slow.js";
import * as stepper from "./behaviours/stepper.js";
import * as tabs from "./behaviours/tabs.js";
import * as theme from "./behaviours/theme.js";

const behaviours = [
  again, autosubmit, bulk, composer, confirm, copy, countdown, dayGrid, deskDeed, deskKeys, dialog, errorSummary, fileDrop, flash,
  freshList, keep, live, longest, menu, offers, once, palette, print, relative, ruleDialog, ruleGrid, sendKey, slow, stepper, tabs,
  theme,
];
const attached = new WeakMap();

function attachAll(root) {
  for (const behaviour of behaviours) {
    const found = [...root.querySelectorAll(behaviour.selector)];
    if (root instanceof Element && root.matches(behaviour.selector)) found.unshift(root);
    for (const element of found) {
      const known = attached.get(element) ?? new Set();
      if (known.has(behaviour)) continue;
      attached.set(element, known.add(behaviour));
      behaviour.attach(element);
    }
  }
}

attachAll(document);
document.addEventListener("htmx:load", (event) => attachAll(event.detail.elt));
