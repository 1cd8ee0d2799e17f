// A table of certificates with pages: the server filters and sorts, the address says how.

import { get } from "./api.js";
import { announce, fill, h, quiet } from "./dom.js";
import { count, daysLeft, number, shortSerial, time } from "./format.js";
import { address } from "./router.js";
import { badge, empty, faultNote, loading } from "./widgets.js";

export const PAGE_SIZE = 50;
const CONTROL = ["page"]; // parameters of the address that are not the server's

const COLUMNS = {
  name: { title: "Common name", sort: "name", order: "ascending", cell: nameCell },
  status: { title: "Status", cell: (line) => badge(line.Status) },
  expires: { title: "Expires", sort: "expiry", order: "ascending", cell: (line) => [time(line.Expires, { short: true }), h("span", { class: "sub" }, daysLeft(line.DaysLeft))] },
  issued: { title: "Issued", minor: true, sort: "issued", order: "descending", cell: (line) => time(line.Issued, { short: true }) },
  revoked: { title: "Revoked", sort: "revoked", order: "descending", cell: (line) => time(line.Revoked) },
  reason: { title: "Reason", cell: (line) => line.Reason },
  source: { title: "Requested", minor: true, cell: (line) => ({ gitops: "by tls.json", direct: "directly", unknown: "unknown" })[line.Source] ?? "–" },
  serial: { title: "Serial number", minor: true, cell: (line) => h("span", { class: "mono num", title: line.SerialNumber }, shortSerial(line.SerialNumber)) },
};

/** Makes a list that shows what the parameters say; `show` updates it. */
export function certificateList({ path, columns, caption, whenEmpty, defaults }) {
  const element = h("div", { class: "list" });
  const cursors = new Map(); // of pages that were seen, so that one can go back
  let running = null;
  let filter = "";
  return { element, show };

  async function show(parameters) {
    const wanted = { ...defaults, ...without(parameters, CONTROL) };
    const page = Number(parameters.page ?? 1);
    remember(wanted, page);
    running?.abort();
    running = new AbortController();
    element.setAttribute("aria-busy", "true");
    if (!element.firstChild) {
      fill(element, loading());
    }

    try {
      draw(await get("certificates", { limit: PAGE_SIZE, ...wanted }, running.signal), wanted, parameters, page);
    } catch (fault) {
      if (fault.name === "AbortError") {
        return;
      }

      fill(element, faultNote(fault, fault.code === "bad_parameter" ? null : () => show(parameters)));
    }

    element.removeAttribute("aria-busy");
  }

  function remember(wanted, page) {
    const key = JSON.stringify(without(wanted, ["cursor"]));
    if (key !== filter) {
      filter = key;
      cursors.clear();
    }

    cursors.set(1, undefined);
    cursors.set(page, wanted.cursor);
  }

  function draw(answer, wanted, parameters, page) {
    if (answer.Next) {
      cursors.set(page + 1, answer.Next);
    }

    const words = count(answer.Count, "certificate");
    announce(answer.Count === 0 ? "No certificates" : words);
    fill(element, answer.Count === 0 ? whenEmpty(parameters)
      : [h("p", { class: "found num" }, words), table(answer.Certificates, wanted, parameters), pages(answer, parameters, page)]);
  }

  function table(lines, wanted, parameters) {
    return h("table", { class: "rows", role: "table" }, h("caption", { class: "quiet" }, caption),
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, columns.map((name) => head(COLUMNS[name], wanted, parameters)))),
      h("tbody", { role: "rowgroup" }, lines.map((line) => h("tr", { role: "row" }, columns.map((name) =>
        h("td", { role: "cell", "data-label": COLUMNS[name].title, class: `cell-${name}${minor(COLUMNS[name])}` }, COLUMNS[name].cell(line)))))));
  }

  function head(column, wanted, parameters) {
    const isSorted = column.sort !== undefined && column.sort === wanted.sort;
    return h("th", { role: "columnheader", scope: "col", class: minor(column).trim() || null, "aria-sort": isSorted ? column.order : null }, column.sort
      ? h("a", { href: address(path, { ...without(parameters, ["cursor", "page"]), sort: column.sort }) }, column.title,
        h("span", { class: "order", "aria-hidden": "true" }, isSorted ? (column.order === "ascending" ? " ↑" : " ↓") : " ↕"), !isSorted && quiet(", sort by this"))
      : column.title);
  }

  function pages(answer, parameters, page) {
    const last = Math.max(page, Math.ceil(answer.Count / PAGE_SIZE));
    const to = (number) => address(path, { ...without(parameters, ["cursor", "page"]), cursor: cursors.get(number), page: number > 1 ? number : undefined });
    return last > 1 && h("nav", { class: "pages", "aria-label": "Pages" },
      page > 1 && h("a", { class: "button small", href: to(1) }, "First"),
      page > 2 && cursors.has(page - 1) && h("a", { class: "button small", href: to(page - 1) }, "Previous"),
      h("span", { class: "num" }, `Page ${number(page)} of ${number(last)}`),
      answer.Next && h("a", { class: "button small", href: to(page + 1) }, "Next"));
  }
}

/** What stands in an empty list whose filters may be too narrow. */
export function nothingFound(path) {
  return empty("No certificate passes these filters", "Take a filter away, or look for a shorter part of the name.",
    h("p", {}, h("a", { class: "button", href: address(path) }, "Show all")));
}

/** A copy without some members. */
export function without(object, names) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

// On phones only what decides is shown; the rest is one step away.
function minor(column) {
  return column.minor ? " minor" : "";
}

function nameCell(line) {
  return h("a", { class: "name", href: address(["certificates", line.SerialNumber], { name: line.CommonName }) }, h("bdi", {}, line.CommonName || "(no name)"));
}
