// A certificate in every format: from the server, or in an export made here from its PEM.

import { exportTime, link } from "./api.js";
import { h } from "./dom.js";
import { derOf, fileStem, saveLink } from "./pem.js";
import { certificatesOnly } from "./pkcs7.js";

const FORMATS = [
  ["pem", ".pem", "PEM", "For most programs"],
  ["der", ".cer", "DER", "For Windows and Java"],
  ["chain", "-chain.pem", "PEM with chain", "For nginx, Envoy, HAProxy: with its issuers"],
  ["p7b", ".p7b", "PKCS #7", "With its issuers, for Windows and Java"],
];

/** Draws the links. */
export function downloads(certificate) {
  const stem = fileStem(certificate.CommonName);
  return h("ul", { class: "downloads" }, FORMATS.map(([format, ending, title, use]) => h("li", {},
    anchor(certificate, format, `${stem}${ending}`, title), h("span", { class: "sub" }, use))));
}

function anchor(certificate, format, fileName, title) {
  return exportTime ? saveLink(contentOf(certificate, format), fileName, title, { type: "application/octet-stream" })
    : h("a", { class: "button", download: fileName, href: link(`certificates/${certificate.SerialNumber}/${format}`, { name: certificate.CommonName }) }, title);
}

function contentOf({ Certificate, Chain }, format) {
  return format === "pem" ? Certificate
    : format === "der" ? derOf(Certificate)
    : format === "chain" ? [Certificate, ...Chain].map((pem) => `${pem.trimEnd()}\n`).join("")
    : certificatesOnly([Certificate, ...Chain].map(derOf));
}
