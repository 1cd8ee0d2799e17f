// The inventory with search and filters, and the list of what was revoked.

import { exportTime } from "./api.js";
import { fill, h } from "./dom.js";
import { dateText } from "./format.js";
import { address, go } from "./router.js";
import { certificateList, nothingFound, without } from "./certificate-list.js";
import { empty, field, select } from "./widgets.js";

const TYPING = 250; // milliseconds without a key before the search runs; our decision
const STATUSES = [["", "Any"], ["valid", "Valid"], ["expired", "Expired"], ["revoked", "Revoked"], ["ca", "CAs only"]];
const SPANS = [["", "Any time"], ["7d", "Within 7 days"], ["30d", "Within 30 days"], ["3m", "Within 3 months"], ["12m", "Within a year"]];
const PURPOSES = [["", "Any"], ["client", "Clients"], ["server", "Servers"], ["CODE_SIGNING", "Code signing"], ["EMAIL_PROTECTION", "Mail"], ["TIME_STAMPING", "Time stamps"]];
const SOURCES = [["", "Any way"], ["gitops", "By tls.json"], ["direct", "Directly"]];
const HIDDEN = ["san", "purpose", "source", "issuer"];

/** Draws the inventory. */
export async function certificatesView(place, { parameters }) {
  const list = certificateList({
    path: "certificates",
    columns: ["name", "status", "expires", "issued", "source", "serial"],
    caption: "Certificates",
    defaults: { sort: "name" },
    whenEmpty: (given) => Object.keys(without(given, ["sort", "page", "cursor"])).length > 0 ? nothingFound("certificates")
      : empty("There are no certificates yet", "They come with the first run of the pipeline and with the first request."),
  });
  const form = filters(parameters);
  const range = h("div");
  fill(place, h("h1", {}, "Certificates"), form.element, range, list.element);
  const update = (given) => {
    form.set(given);
    fill(range, rangeChip(given));
    return list.show(given);
  };
  await update(parameters);
  return { update, leave: form.leave };
}

/** Draws the list of revocations. */
export async function revocationsView(place, { parameters }) {
  const list = certificateList({
    path: "revocations",
    columns: ["name", "revoked", "reason", "expires", "serial"],
    caption: "Revoked certificates",
    defaults: { status: "revoked", sort: "revoked" },
    whenEmpty: () => empty("Nothing is revoked", "What is revoked stands here and in the CRL of the CA that issued it."),
  });
  fill(place, h("h1", {}, "Revocations"),
    h("p", { class: "lead" }, "Programs read them in the CRL, which each CA publishes: see ", h("a", { href: "#/files" }, "the files"), "."), list.element);
  await list.show(parameters);
  return { update: list.show };
}

function filters(given) {
  const search = h("input", { type: "search", name: "name", autocomplete: "off", spellcheck: "false", autocapitalize: "none", maxlength: 400, value: given.name ?? "" });
  const san = h("input", { type: "text", name: "san", autocomplete: "off", spellcheck: "false", autocapitalize: "none", maxlength: 400, value: given.san ?? "" });
  const issuer = h("input", { type: "text", name: "issuer", autocomplete: "off", spellcheck: "false", maxlength: 200, value: given.issuer ?? "" });
  const selects = [
    ["Status", select("status", STATUSES, given.status)],
    ["Expires", select("expires_within", SPANS, given.expires_within)],
  ];
  const more = [["Purpose", select("purpose", PURPOSES, given.purpose)], ["Requested", select("source", SOURCES, given.source)]];
  const details = h("details", { class: "more", open: HIDDEN.some((name) => given[name]) }, h("summary", {}, "More filters"), h("div", { class: "filter-row" },
    field("Alternative name", san, "Whole; * stands for any characters"), more.map(([label, control]) => field(label, control)), !exportTime && field("Issued by", issuer, "Name of a CA")));
  const form = h("form", { class: "filters", role: "search", "aria-label": "Certificates", on: { submit: apply, input: typed, change: changed } },
    h("div", { class: "filter-row" }, h("div", { class: "grow" }, field("Search", search, "Part of a common name, or a whole serial number")),
      selects.map(([label, control]) => field(label, control)), h("div", { class: "field" }, h("button", { type: "submit", class: "button" }, "Search"))),
    details);
  let timer = null;
  let now = given;
  return { element: form, set, leave: () => clearTimeout(timer) };

  function set(parameters) {
    now = parameters;
    for (const control of form.elements) {
      if (control.name && document.activeElement !== control) {
        control.value = parameters[control.name] ?? "";
      }
    }
  }

  function typed(event) {
    if (event.target.tagName === "INPUT") {
      clearTimeout(timer);
      timer = setTimeout(() => go(target(), { quietly: true }), TYPING);
    }
  }

  function changed(event) {
    if (event.target.tagName === "SELECT") {
      apply(event);
    }
  }

  function apply(event) {
    event.preventDefault();
    clearTimeout(timer);
    const serial = serialOf(search.value);
    go(serial && event.type === "submit" ? address(["certificates", serial]) : target());
  }

  function target() {
    const values = Object.fromEntries(new FormData(form));
    const kept = values.expires_within ? { sort: now.sort } : { sort: now.sort, expires_from: now.expires_from, expires_until: now.expires_until };
    return address("certificates", { ...kept, ...values, name: values.name.trim(), san: values.san.trim(), issuer: values.issuer?.trim() });
  }
}

/** The serial number that a text is, in decimal or in hexadecimal with colons; null: it is a part of a name. */
function serialOf(text) {
  const bare = text.trim();
  return /^\d{12,50}$/.test(bare) ? bare
    : /^([0-9a-f]{2}:){7,20}[0-9a-f]{2}$/i.test(bare) ? BigInt(`0x${bare.replaceAll(":", "")}`).toString()
    : null;
}

// A week of the timeline, which no control of the form has.
function rangeChip(given) {
  return (given.expires_from || given.expires_until) && h("p", { class: "chip" },
    `Expires from ${given.expires_from ? dateText(given.expires_from) : "any day"} until ${given.expires_until ? dateText(given.expires_until) : "any day"} `,
    h("a", { href: address("certificates", without(given, ["expires_from", "expires_until", "cursor", "page"])) }, "Any time"));
}
