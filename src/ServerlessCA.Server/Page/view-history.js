// What happened: issued, refused, reminded of, revoked, CRLs; of the whole CA or of one name.

import { exportTime, get } from "./api.js";
import { announce, fill, h } from "./dom.js";
import { count, shortSerial, time } from "./format.js";
import { address, go } from "./router.js";
import { badge, empty, faultNote, field, loading, select } from "./widgets.js";

const STEP = 50;
const MOST = 200; // the API's limit
const SINCE = [["", "Last 30 days"], ["1", "Last day"], ["7", "Last 7 days"], ["90", "Last 90 days"], ["400", "All that is kept"]];
const SPANS = exportTime ? SINCE.filter(([days]) => Number(days) <= 30) : SINCE; // an export has 30 days
const KINDS = { issued: ["valid", "Issued"], revoked: ["revoked", "Revoked"], refused: ["Warning", "Refused"], reminded: ["soon", "Reminded"], crl: ["CA", "CRL"] };

/** Draws the history with its filters. */
export async function historyView(place, { parameters }) {
  const name = h("input", { type: "search", name: "name", maxlength: 400, autocomplete: "off", spellcheck: "false", value: parameters.name ?? "" });
  const since = select("days", SPANS, parameters.days);
  const form = h("form", { class: "filters", role: "search", "aria-label": "History", on: { submit: apply, change: apply } }, h("div", { class: "filter-row" },
    h("div", { class: "grow" }, field("Common name", name, "Whole, in the same case; empty: the whole CA")), field("Since", since),
    h("div", { class: "field" }, h("button", { type: "submit", class: "button" }, "Show"))));
  const list = h("div", { class: "list" });
  let running = null;
  fill(place, h("h1", {}, "History"), form, list);
  await show(parameters);
  return { update: show };

  function apply(event) {
    event.preventDefault();
    go(address("history", { name: name.value.trim(), days: since.value }));
  }

  async function show(given) {
    name.value = given.name ?? "";
    since.value = given.days ?? "";
    running?.abort(); // an answer to former filters must not replace this one
    running = new AbortController();
    list.setAttribute("aria-busy", "true");
    if (!list.firstChild) {
      fill(list, loading());
    }

    try {
      const limit = Math.min(MOST, Number(given.limit ?? STEP));
      const answer = await get("history", { name: given.name, serial: given.serial, since: given.days && daysAgo(given.days), limit }, running.signal);
      announce(count(answer.Entries.length, "entry", "entries"));
      fill(list, answer.Entries.length === 0 ? empty("Nothing is in the history", "Choose a longer time, or another name.")
        : [historyTable(answer.Entries), answer.HasMore && more(given, limit)]);
    } catch (fault) {
      if (fault.name === "AbortError") {
        return;
      }

      fill(list, fault.code === "not_found" ? empty("Nothing is known of this name", fault.hint) : faultNote(fault, () => show(given)));
    }

    list.removeAttribute("aria-busy");
  }
}

/** A table of entries, for a name or for the whole CA. */
export function historyTable(entries, { withName = true } = {}) {
  const columns = [
    ["When", (entry) => time(entry.Time)],
    ["What", (entry) => kind(entry)],
    ["Name", withName && ((entry) => entry.SerialNumber ? h("a", { href: address(["certificates", entry.SerialNumber]), class: "name" }, h("bdi", {}, entry.CommonName)) : h("bdi", { class: "name" }, entry.CommonName))],
    ["Serial number", withName && ((entry) => entry.SerialNumber && h("span", { class: "mono num", title: entry.SerialNumber }, shortSerial(entry.SerialNumber)))],
    ["Details", (entry) => h("bdi", { class: "wrap" }, entry.Details)],
    ["By", (entry) => h("bdi", { class: "wrap" }, entry.By ?? (entry.FromRow ? "from the row" : "–"))],
  ].filter(([, cell]) => cell);
  return h("table", { class: "rows", role: "table" }, h("caption", { class: "quiet" }, "History, the newest first"),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, columns.map(([title]) => h("th", { role: "columnheader", scope: "col" }, title)))),
    h("tbody", { role: "rowgroup" }, entries.map((entry) => h("tr", { role: "row" },
      columns.map(([title, cell]) => h("td", { role: "cell", "data-label": title }, cell(entry) ?? "–"))))));
}

function kind(entry) {
  const [status, word] = KINDS[entry.Kind] ?? ["expired", entry.Kind];
  return badge(status, word);
}

function more(given, limit) {
  return limit < MOST
    ? h("p", {}, h("a", { class: "button", href: address("history", { ...given, limit: Math.min(MOST, limit * 2) }) }, "Show more"))
    : h("p", { class: "help" }, "There is more: choose a name, or use 'serverless-ca history'.");
}

function daysAgo(days) {
  return new Date(Date.now() - Number(days) * 86_400_000).toISOString().replace(/\.\d+/, "");
}
