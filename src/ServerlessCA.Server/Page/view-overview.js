// The overview: how the CA is, its certificates by number, what expires when, and the hierarchy.

import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { count, number as grouped } from "./format.js";
import { address } from "./router.js";
import { session } from "./session.js";
import { badge, later, panel } from "./widgets.js";
import { hierarchy } from "./authorities.js";
import { expiring, timeline } from "./timeline.js";

const SOON = 4; // weeks

/** Draws the overview; each part arrives by itself. */
export async function overviewView(place) {
  const health = h("div");
  const numbers = h("div");
  const weeks = h("div");
  const tree = h("div");
  fill(place,
    h("h1", { "data-title": "Overview" }, [session.Project, session.Environment].filter(Boolean).join(" · ") || "Overview"),
    health, numbers, panel("What expires", weeks), panel("Certificate authorities", tree));
  await Promise.all([
    later(health, async () => healthPart(await get("health"))),
    later(tree, async () => hierarchy((await get("authorities")).Authorities)),
    summaryParts(numbers, weeks),
  ]);
}

async function summaryParts(numbers, weeks) {
  await later(numbers, async () => {
    const summary = await get("certificates/summary");
    fill(weeks, timeline(summary.Expiring));
    return tiles(summary);
  });
}

function tiles(summary) {
  const soon = summary.Expiring.slice(0, SOON);
  const number = soon.reduce((sum, week) => sum + week.Count, 0);
  return h("ul", { class: "tiles" },
    tile("Valid", summary.Valid, { status: "valid" }),
    tile(`Expire within ${SOON} weeks`, number, expiring(soon), number > 0 ? "warn" : null),
    tile("Expired", summary.Expired, { status: "expired" }, null, summary.Overdue > 0 && `${count(summary.Overdue, "name")} ended in the last 4 weeks without a successor`),
    h("li", {}, h("a", { class: "tile", href: address("revocations") }, h("span", { class: "tile-number num" }, grouped(summary.Revoked)), h("span", {}, "Revoked"))));
}

function tile(name, amount, filter, kind, more) {
  return h("li", {}, h("a", { class: `tile ${kind ?? ""}`, href: address("certificates", filter) },
    h("span", { class: "tile-number num" }, grouped(amount)), h("span", {}, name), more && h("span", { class: "sub" }, more)));
}

// What is good is folded away; what needs somebody is not.
function healthPart({ Status, Findings }) {
  const open = Findings.filter((finding) => finding.Level !== "Good");
  const good = Findings.filter((finding) => finding.Level === "Good");
  return h("section", { class: `health ${Status.toLowerCase()}`, "aria-label": "Health" },
    h("div", { class: "health-head" }, badge(Status, Status === "Good" ? "Healthy" : Status),
      h("p", {}, open.length === 0 ? `All ${count(good.length, "check")} found nothing to do.` : `${open.length} of ${count(Findings.length, "check")} ${open.length === 1 ? "needs" : "need"} attention.`)),
    open.length > 0 && findings(open),
    good.length > 0 && h("details", {}, h("summary", {}, `What was checked and is good (${good.length})`), findings(good)));
}

function findings(list) {
  return h("ul", { class: "findings" }, list.map((finding) => h("li", {},
    badge(finding.Level), h("span", {}, h("strong", {}, finding.Subject), h("span", { class: "finding-text" }, finding.Text)))));
}

