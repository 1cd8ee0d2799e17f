// The chain from the root to a certificate.

import { h } from "./dom.js";
import { address } from "./router.js";
import { time } from "./format.js";

/** Draws the chain, root first; CAs of this deployment are links. */
export function chainPart(certificate, authorities) {
  const issuers = [...certificate.Chain].reverse().map((pem) => authorities.find((ca) => ca.Certificate.replace(/\s/g, "") === pem.replace(/\s/g, "")));
  const links = issuers.map((ca) => ca
    ? [h("a", { href: address(["certificates", ca.SerialNumber]) }, ca.CommonName), h("span", { class: "sub" }, `${ca.Role === "root" ? "Root CA" : "Issuing CA"}, until `, time(ca.Expires, { short: true }))]
    : ["A CA that is not in the ledger"]);
  return h("ol", { class: "chain" }, links.map((link) => h("li", {}, link)),
    h("li", { "aria-current": "true" }, h("bdi", {}, certificate.CommonName), h("span", { class: "sub" }, "This certificate")));
}
