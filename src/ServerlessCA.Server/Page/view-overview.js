// The overview: how the CA is, its certificates by number, what expires when, and the hierarchy.

import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { count, number } from "./format.js";
import { address } from "./router.js";
import { session } from "./session.js";
import { badge, later, panel } from "./widgets.js";
import { hierarchy } from "./authorities.js";
import { timeline } from "./timeline.js";

const SOON = "30d";

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
    const [summary, soon] = await Promise.all([get("certificates/summary"), get("certificates", { status: "valid", expires_within: SOON, limit: 1 })]);
    fill(weeks, timeline(summary.Expiring));
    return tiles(summary, soon.Count);
  });
}

function tiles(summary, soon) {
  return h("ul", { class: "tiles" },
    tile("Valid", summary.Valid, { status: "valid" }),
    tile("Expire within 30 days", soon, { status: "valid", expires_within: SOON, sort: "expiry" }, soon > 0 ? "warn" : null),
    tile("Expired", summary.Expired, { status: "expired" }, null, summary.Overdue > 0 && `${count(summary.Overdue, "name")} ended in the last 4 weeks without a successor`),
    h("li", {}, h("a", { class: "tile", href: address("revocations") }, h("span", { class: "tile-number num" }, number(summary.Revoked)), h("span", {}, "Revoked"))));
}

function tile(name, amount, filter, kind, more) {
  return h("li", {}, h("a", { class: `tile ${kind ?? ""}`, href: address("certificates", filter) },
    h("span", { class: "tile-number num" }, number(amount)), h("span", {}, name), more && h("span", { class: "sub" }, more)));
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

