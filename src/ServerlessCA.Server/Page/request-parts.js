// What is shown of a request: the certificate as it would be, and the files once it is issued.

import { h } from "./dom.js";
import { count, relative, time } from "./format.js";
import { fileStem, octetsOf, saveLink } from "./pem.js";
import { address } from "./router.js";
import { badge, code, facts, note } from "./widgets.js";

const SHOWN_FIRST = ["2.5.29.17", "2.5.29.15", "2.5.29.37"];

/** Draws what the CA would issue, or why it would refuse. */
export function previewPart(entry, request) {
  const heading = h("h2", { tabindex: -1 }, entry.Plan === "Issue" ? "This would be issued" : "This would be refused");
  if (entry.Plan !== "Issue") {
    return h("section", { class: "panel" }, heading, note("bad", h("p", {}, h("strong", {}, entry.Message)), entry.Code && h("p", { class: "help" }, `Code: ${entry.Code}. Nothing was requested. Correct the form and look again.`)));
  }

  const button = h("button", { type: "button", class: "button primary", on: { click: () => { button.disabled = true; request(); } } }, "Request this certificate");
  return h("section", { class: "panel" }, heading,
    entry.Warnings.length > 0 && note("warn", h("p", {}, h("strong", {}, "The CA would ignore something:")), entry.Warnings.map((warning) => h("p", {}, warning))),
    entry.Findings.map(finding),
    entry.Replaces && note("notice", h("p", {}, "There is a certificate of this name already, ", h("a", { href: address(["certificates", entry.Replaces]) }, "the newest is here"), ". It stays valid.")),
    entry.Certificate && contents(entry.Certificate), h("div", { class: "actions" }, button));
}

function finding({ Id, Severity, Message }) {
  return note(Severity === "error" ? "bad" : Severity === "warning" ? "warn" : "notice", h("p", {}, h("strong", {}, Severity), `: ${Message} `, h("span", { class: "faint" }, `(${Id})`)));
}

function contents(certificate) {
  const first = certificate.Extensions.filter((extension) => SHOWN_FIRST.includes(extension.Oid));
  const others = certificate.Extensions.filter((extension) => !SHOWN_FIRST.includes(extension.Oid));
  return [
    facts([
      ["Subject", h("bdi", {}, certificate.Subject)],
      ["Issuer", certificate.Issuer],
      ["Valid", [time(certificate.ValidFrom), " to ", time(certificate.ValidTo), ` (${relative(certificate.ValidTo)})`]],
      ["Key", certificate.Key],
      ...first.map(row),
    ]),
    h("details", {}, h("summary", {}, `${count(others.length, "more extension")}`), facts(others.map(row))),
  ];
}

function row(extension) {
  return [extension.Name, extension.Values.map((value) => h("span", { class: "line" }, value))];
}

/** Draws the files of an issued certificate, and lines that use them; `saved` is called when the key is saved. */
export function issuedPart(answer, key, event, saved) {
  const info = answer.CertificateInfo;
  const stem = fileStem(info.CommonName);
  const text = (base64) => new TextDecoder().decode(octetsOf(base64)).trimEnd();
  const chain = `${text(answer.Base64Certificate)}\n${text(answer.Base64IssuingCaCertificate)}\n`;
  const names = { key: `${stem}-key.pem`, chain: `${stem}-chain.pem`, bundle: "ca-bundle.pem" };
  return h("section", { class: "panel issued" }, h("h2", { tabindex: -1 }, badge("valid", "Issued"), " ", h("bdi", {}, info.CommonName)),
    note("warn", h("p", {}, h("strong", {}, "Save the key now. "), "It is nowhere but in this page, and gone when you leave it. The file is not encrypted: store it where only its owner reads it (chmod 600).")),
    h("div", { class: "actions" }, saveLink(key, names.key, "Private key (PKCS #8)", { kind: "primary", saved }), saveLink(chain, names.chain, "Certificate with chain"), saveLink(`${text(answer.Base64CaChain)}\n`, names.bundle, "CA bundle"),
      h("a", { class: "button", href: address(["certificates", info.SerialNumber]) }, "Show the certificate")),
    (answer.Warnings ?? []).map((warning) => note("warn", h("p", {}, warning))),
    event.purposes.includes("server_auth") && [h("h3", {}, "nginx"), code([`ssl_certificate ${names.chain};`, `ssl_certificate_key ${names.key};`], "Lines for nginx")],
    event.purposes.includes("client_auth") && [h("h3", {}, "curl, as a client"),
      code([`curl --cert ${names.chain} \\`, `  --key ${names.key} \\`, `  --cacert ${names.bundle} https://HOST/`], "Line for curl")],
    facts([["Serial number", h("span", { class: "mono" }, info.SerialNumber)], ["Expires", `${info.Expires} UTC`]]));
}
