// The hierarchy: the root, what it has signed, and the CRL of each.

import { h } from "./dom.js";
import { count, octets, relative, share, time } from "./format.js";
import { address } from "./router.js";
import { badge, empty, facts, fingerprint, lifeBar, lifeLabel } from "./widgets.js";

/** Draws the CAs in use, each below the one that signed it; former ones are folded away. */
export function hierarchy(authorities) {
  if (authorities.length === 0) {
    return empty("There is no CA yet", "The first run of the pipeline creates it: serverless-ca run, or tomorrow's run of serve.");
  }

  const current = authorities.filter((ca) => ca.IsCurrent);
  const former = authorities.filter((ca) => !ca.IsCurrent);
  const roots = current.filter((ca) => !isBelow(ca, current));
  return [
    h("ul", { class: "tree" }, roots.map((root) => branch(root, current))),
    former.length > 0 && h("details", { class: "former" }, h("summary", {}, `Former generations (${former.length})`),
      h("ul", { class: "tree" }, former.map((ca) => h("li", {}, card(ca))))),
  ];
}

function isBelow(ca, all) {
  return ca.Role !== "root" && all.some((other) => other !== ca && other.CommonName === ca.IssuedBy);
}

function branch(ca, all) {
  const below = all.filter((other) => other !== ca && other.Role !== "root" && other.IssuedBy === ca.CommonName);
  return h("li", {}, card(ca), below.length > 0 && h("ul", {}, below.map((other) => branch(other, all))));
}

function card(ca) {
  const over = share(ca.Issued, ca.Expires);
  const label = lifeLabel(ca.DaysLeft, over);
  return h("article", { class: "ca-card" },
    h("header", {},
      h("p", { class: "ca-role" }, ca.Role === "root" ? "Root CA" : "Issuing CA"),
      h("h3", {}, h("a", { href: address(["certificates", ca.SerialNumber]) }, ca.CommonName)),
      badge(ca.Status, ca.Status === "CA" || ca.Status === "valid" ? "In force" : undefined)),
    h("div", { class: "life-row" }, h("span", {}, "Life"), lifeBar(ca.Issued, ca.Expires, label),
      h("span", { class: "life-words" }, label, ": ", time(ca.Issued, { short: true }), " to ", time(ca.Expires, { short: true }))),
    ca.Crl ? crlRow(ca.Crl) : h("div", { class: "life-row" }, h("span", {}, "CRL"), h("span", { class: "life-words" }, "None is published yet.")),
    h("div", { class: "life-row wide" }, h("span", {}, "SHA-256"), fingerprint(ca.Sha256, `SHA-256 of ${ca.CommonName}`)),
    h("details", {}, h("summary", {}, "Details and files"), facts([
      ["SHA-1", fingerprint(ca.Sha1, `SHA-1 of ${ca.CommonName}`)],
      ["Subject", ca.Subject],
      ["Issuer", ca.Issuer],
      ["Key", ca.Key],
      ["Serial number", h("span", { class: "mono" }, ca.SerialNumber)],
      ["Path length", ca.PathLength === undefined ? null : String(ca.PathLength)],
      ["Files", ca.Files && h("span", { class: "links" }, file(ca.Files.Pem, "PEM"), file(ca.Files.Der, "DER"))],
    ])));
}

/** The CRL of a CA: its age as a bar, and when the next one is due. */
function crlRow(crl) {
  const over = share(crl.ThisUpdate, crl.NextUpdate);
  const state = over >= 1 ? "expired" : crl.IsDue ? "due" : "current";
  return h("div", { class: "life-row" }, h("span", {}, "CRL ", badge(state)),
    lifeBar(crl.ThisUpdate, crl.NextUpdate, `${Math.round(over * 100)} % of the life of CRL ${crl.Number} is over`),
    h("span", { class: "life-words" }, file(crl.File, `Number ${crl.Number}`), `, made ${relative(crl.ThisUpdate)}, ${count(crl.Entries, "entry", "entries")}`,
      crl.Octets ? `, ${octets(crl.Octets)}` : "", "; next update by ", time(crl.NextUpdate)));
}

/** A link to a published file, by a path from the server's root or a name. */
export function file(path, text) {
  return h("a", { href: path.replace(/^\//, ""), download: "" }, text ?? path.replace(/^.*\//, ""));
}
