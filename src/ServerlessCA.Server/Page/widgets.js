// Small parts that several views use.

import { announce, fill, h, newId, quiet, s } from "./dom.js";
import { colons, daysLeft, share } from "./format.js";

const STATUS = {
  valid: ["good", "✓", "Valid"],
  expired: ["ended", "◌", "Expired"],
  revoked: ["bad", "✕", "Revoked"],
  CA: ["ca", "◆", "CA"],
  Good: ["good", "✓", "Good"],
  Warning: ["warn", "!", "Warning"],
  Critical: ["bad", "✕", "Critical"],
  due: ["warn", "!", "Due"],
  soon: ["warn", "!", "Ends soon"],
  current: ["good", "✓", "Current"],
};

/** A status, by shape and word as well as by colour. */
export function badge(status, word) {
  const [kind, sign, text] = STATUS[status] ?? ["ended", "?", status];
  return h("span", { class: `badge ${kind}` }, h("span", { "aria-hidden": "true", class: "sign" }, sign), word ?? text);
}

/** A bar that shows how much of a life is over; the words beside it say the same. */
export function lifeBar(from, until, label, { warnAt = 0.9 } = {}) {
  const over = share(from, until);
  const kind = over >= 1 ? "bad" : over >= warnAt ? "warn" : "good";
  return s("svg", { class: `life ${kind}`, viewBox: "0 0 100 6", preserveAspectRatio: "none", role: "img", "aria-label": label },
    s("rect", { class: "rail", x: 0, y: 0, width: 100, height: 6, rx: 1 }),
    s("rect", { class: "over", x: 0, y: 0, width: Math.max(0.8, over * 100), height: 6, rx: 1 }));
}

/** The words for a life: "3650 days left of 2030-01-02 to 2039-12-31". */
export function lifeLabel(daysLeftNow, percent) {
  return `${daysLeft(daysLeftNow)}, ${Math.round(percent * 100)} % of its life is over`;
}

/** A button that copies a text. */
export function copyButton(text, what) {
  const button = h("button", { type: "button", class: "copy", on: { click: copy } }, "Copy", quiet(` ${what}`));
  return button;

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      announce(`Copied: ${what}`);
      button.classList.add("done");
      setTimeout(() => button.classList.remove("done"), 1500);
    } catch {
      announce("The browser did not allow copying. Select the text instead.");
    }
  }
}

/** Lines to run or to write into a file, with a button that copies them. */
export function code(lines, what) {
  const text = [].concat(lines).join("\n");
  return h("div", { class: "code" },
    h("pre", { tabindex: 0, role: "region", "aria-label": what }, h("code", {}, text)), copyButton(text, what));
}

/** A fingerprint that wraps where one may read it. */
export function fingerprint(hex, what) {
  const text = colons(hex);
  const parts = text.match(/.{1,24}/g) ?? [];
  return h("span", { class: "mono print" }, parts.flatMap((part) => [part, h("wbr")]), " ", copyButton(text, what));
}

/** Names and values. Rows without a value are left out. */
export function facts(rows) {
  return h("dl", { class: "facts" }, rows.filter(Boolean).filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

/** A panel with a heading. */
export function panel(title, ...content) {
  const id = newId("panel");
  return h("section", { class: "panel", "aria-labelledby": id }, h("h2", { id }, title), content);
}

/** What stands where there is nothing. */
export function empty(title, text, ...actions) {
  return h("div", { class: "empty" }, h("p", { class: "empty-title" }, title), text && h("p", {}, text), actions);
}

/** A sentence with a sign: notice, warn, bad or good. */
export function note(kind, ...content) {
  return h("div", { class: `note ${kind}`, role: kind === "bad" ? "alert" : null }, content);
}

/** A fault in words, with what to do; `again` offers another attempt. */
export function faultNote(fault, again) {
  return note("bad", h("p", {}, h("strong", {}, fault.message)), fault.hint && h("p", {}, `${fault.hint[0].toUpperCase()}${fault.hint.slice(1)}.`.replace("..", ".")),
    again && h("p", {}, h("button", { type: "button", class: "button", on: { click: again } }, "Try again")));
}

/** Says that something is on its way; seen only when it takes a moment. */
export function loading(what = "Loading") {
  return h("p", { class: "loading" }, h("span", { class: "spin", "aria-hidden": "true" }), `${what} …`);
}

/** Fills an element with what comes later; shows faults with another attempt. */
export async function later(element, make) {
  fill(element, loading());
  element.setAttribute("aria-busy", "true");
  try {
    fill(element, await make());
  } catch (fault) {
    if (fault.name !== "AbortError") {
      fill(element, faultNote(fault, () => later(element, make)));
    }
  } finally {
    element.removeAttribute("aria-busy");
  }

  return element;
}

/** A labelled field: label, help, control, and a place for what is wrong with it. */
export function field(label, control, help) {
  const id = control.id || newId("field");
  control.id = id;
  const wrong = h("p", { class: "wrong", id: `${id}-wrong` });
  const text = help && h("p", { class: "help", id: `${id}-help` }, help);
  control.setAttribute("aria-describedby", [help && `${id}-help`, `${id}-wrong`].filter(Boolean).join(" "));
  return h("div", { class: "field" }, h("label", { for: id }, label), control, text, wrong);
}

/** Says under a field what is wrong with it; an empty text takes that back. */
export function markWrong(control, text) {
  document.getElementById(`${control.id}-wrong`).textContent = text;
  control.toggleAttribute("aria-invalid", false);
  if (text) {
    control.setAttribute("aria-invalid", "true");
  }
}

/** A selection of words with titles. */
export function select(name, options, value) {
  return h("select", { name }, options.map(([word, title]) => h("option", { value: word, selected: word === (value ?? "") }, title)));
}
