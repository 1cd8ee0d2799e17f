// What stands around every view: name of the CA, the ways to the views, who is signed in, and what an export says of itself.

import { exportTime } from "./api.js";
import { fill, h, s } from "./dom.js";
import { relative, time, timeText } from "./format.js";
import { isSignedIn, mayRead, maySignIn, session, signOut } from "./session.js";
import { address } from "./router.js";

const WAYS = [
  ["overview", "Overview"],
  ["certificates", "Certificates"],
  ["revocations", "Revocations"],
  ["history", "History"],
  ["files", "Files and trust"],
  ["request", "Request"],
];

/** Draws header, footer and the bar of an export. */
export function drawFrame(view, again) {
  const ca = [session.Project, session.Environment].filter(Boolean).join(" · ");
  document.documentElement.dataset.ca = ca || "Certificate authority";
  fill(document.getElementById("top"), h("div", { class: "top-inner" }, brand(ca), mayRead() && ways(view), who(view, again)));
  drawFoot();
  drawExportBar();
}

function brand(ca) {
  return h("a", { class: "brand", href: "#/overview" }, mark(),
    h("span", {}, h("span", { class: "brand-name" }, "Certificate authority"), ca && h("span", { class: "brand-ca" }, ca)));
}

function mark() {
  return s("svg", { class: "mark", viewBox: "0 0 32 32", "aria-hidden": "true" },
    s("path", { d: "M16 2 4.5 6.2v9.3c0 7 4.7 12 11.5 14.5 6.8-2.5 11.5-7.5 11.5-14.5V6.2z", class: "mark-body" }),
    s("path", { d: "m10.2 16.2 4 4 7.8-8.4", class: "mark-sign" }));
}

function ways(view) {
  return h("nav", { class: "ways", "aria-label": "Views" }, h("ul", {}, WAYS
    .filter(([name]) => name !== "request" || !exportTime)
    .map(([name, title]) => h("li", {}, h("a", { href: address(name), "aria-current": name === view ? "page" : null }, title)))));
}

function who(view, again) {
  if (isSignedIn()) {
    return h("div", { class: "who" },
      h("span", { class: "who-name", title: `Signed in until ${timeText(session.Expires)} at the latest` }, (session.Caller ?? "").replace(/^session of /, "")),
      h("span", { class: "level" }, session.Level),
      h("button", { type: "button", class: "button small", on: { click: async () => { await signOut(); await again(); } } }, "Sign out"));
  }

  return maySignIn() && view !== "sign-in" && mayRead() ? h("div", { class: "who" }, h("a", { class: "button small", href: "#/sign-in" }, "Sign in"))
    : h("div", { class: "who" }, !exportTime && mayRead() && h("span", { class: "level", title: "This server has no credentials to check" }, "read only"));
}

function drawFoot() {
  fill(document.getElementById("foot"), session.Version && h("p", {}, `serverless-ca ${session.Version}. All times are UTC.`));
}

function drawExportBar() {
  const bar = document.getElementById("export-bar");
  if (exportTime) {
    bar.hidden = false;
    fill(bar, "A copy made on ", time(exportTime), ` (${relative(exportTime)}). What happened since is not in it.`);
  }
}
