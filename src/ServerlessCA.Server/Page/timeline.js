// What expires, week by week: a list of links whose bars are drawn upright, or lying on narrow screens.

import { h, quiet } from "./dom.js";
import { count, dateText, number } from "./format.js";
import { address } from "./router.js";
import { empty } from "./widgets.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Draws the weeks. Each with something in it leads to the list of its certificates. */
export function timeline(weeks) {
  const most = Math.max(0, ...weeks.map((week) => week.Count));
  if (most === 0) {
    return empty("Nothing expires", `No valid certificate ends in the next ${weeks.length} weeks.`);
  }

  const total = weeks.reduce((sum, week) => sum + week.Count, 0);
  return [
    h("p", { class: "lead" }, `${count(total, "certificate")} ${total === 1 ? "expires" : "expire"} in the next ${weeks.length} weeks. Choose a week to see which.`),
    h("ol", { class: "weeks" }, weeks.map((week, index) => h("li", { class: week.Count === 0 ? "none" : null }, entry(week, most, monthOf(weeks, index))))),
  ];
}

/** The filter for what expires in weeks that follow each other. */
export function expiring(weeks) {
  const range = weeks.length > 0 ? { expires_from: start(weeks[0].From), expires_until: end(weeks.at(-1).Until) } : {};
  return { status: "valid", ...range, sort: "expiry" };
}

function entry(week, most, month) {
  const label = h("span", { class: "week-label", "aria-hidden": "true" }, h("span", { class: month.isNew ? "week-month" : "week-month again" }, month.name), h("span", { class: "week-date" }, dayOf(week.From)));
  const bar = h("span", { class: "week-space", "aria-hidden": "true" },
    week.Count > 0 && h("span", { class: "week-count num" }, number(week.Count)), h("span", { class: "week-bar", vars: { part: week.Count / most } }));
  const words = quiet(`Week from ${dateText(week.From)}: ${count(week.Count, "certificate")}`);
  return week.Count === 0 ? [words, bar, label]
    : h("a", { href: address("certificates", expiring([week])), title: words.textContent }, words, bar, label);
}

// Upright bars have the month below its first week only.
function monthOf(weeks, index) {
  const month = (at) => new Date(weeks[at].From).getUTCMonth();
  return { name: MONTHS[month(index)], isNew: index === 0 || month(index) !== month(index - 1) };
}

function dayOf(date) {
  return String(new Date(date).getUTCDate());
}

/** The first moment of a day, for a filter; a time stays as it is. */
function start(date) {
  return date.includes("T") ? date : `${date}T00:00:00Z`;
}

/** The last second of a day, for a filter; a time stays as it is. */
function end(date) {
  return date.includes("T") ? date : `${date}T23:59:59Z`;
}
