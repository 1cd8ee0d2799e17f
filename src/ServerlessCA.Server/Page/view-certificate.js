// One certificate in full.

import { exportTime, get } from "./api.js";
import { fill, h } from "./dom.js";
import { daysUntil, relative, share, time } from "./format.js";
import { file } from "./authorities.js";
import { chainPart } from "./chain.js";
import { downloads } from "./downloads.js";
import { historyTable } from "./view-history.js";
import { fileStem } from "./pem.js";
import { revokePart } from "./revoke.js";
import { address } from "./router.js";
import { trustPart } from "./trust-part.js";
import { formerLine, nameOf, verifyFiles, verifyLines } from "./verify.js";
import { badge, code, empty, facts, fingerprint, later, lifeBar, lifeLabel, note, panel } from "./widgets.js";

const NAMES = "2.5.29.17";
const TYPES = { DNS_NAME: "DNS", IP_ADDRESS: "IP", EMAIL_ADDRESS: "Mail" };
const USAGES = ["2.5.29.15", "2.5.29.37"];

/** Draws the certificate of a serial number. */
export async function certificateView(place, { path, parameters, again }) {
  fill(place, h("h1", {}, "Certificate"));
  const body = h("div");
  place.append(body);
  await later(body, async () => {
    const { Certificates } = await get(`certificates/${encodeURIComponent(path[1])}`, exportTime ? {} : { name: parameters.name });
    const certificate = Certificates.find((one) => one.CommonName === parameters.name) ?? Certificates[0];
    if (!certificate) {
      return empty("There is no such certificate", "Look for its name in the list.", h("a", { class: "button", href: "#/certificates" }, "Certificates"));
    }

    const authorities = await get("authorities");
    const heading = h("h1", { "data-title": certificate.CommonName || "Certificate" }, h("bdi", {}, certificate.CommonName || "(no name)"));
    place.querySelector("h1").replaceWith(heading);
    return [h("p", { class: "crumb" }, h("a", { href: "#/certificates" }, "← Certificates")), parts(certificate, authorities, again)];
  });
}

function parts(certificate, { Authorities, Bundle }, again) {
  const isCa = Authorities.some((ca) => ca.SerialNumber === certificate.SerialNumber && ca.Sha256 === certificate.Sha256);
  const root = Authorities.find((ca) => ca.Role === "root" && ca.IsCurrent);
  const past = h("div");
  later(past, () => pastOf(certificate.SerialNumber));
  return [
    summary(certificate),
    h("div", { class: "columns" },
      h("div", {}, panel("Names and use", namesAndUse(certificate)), panel("Chain", chainPart(certificate, Authorities)), panel("Details", details(certificate))),
      h("div", {}, panel("Download", downloads(certificate)), Bundle && panel("Check it with openssl", verifyPart(certificate, Authorities, Bundle)),
        isCa ? null : panel("Revoke", revokePart(certificate, again)))),
    root && panel("Trust this CA", trustPart(root)),
    panel("History", past),
  ];
}

function summary(certificate) {
  const over = share(certificate.Issued, certificate.Expires);
  const days = daysUntil(certificate.Expires);
  return h("div", { class: "summary" },
    h("p", { class: "summary-line" }, badge(certificate.Status), certificate.Status === "revoked"
      ? ["Revoked ", time(certificate.Revoked), `, reason: ${certificate.Reason ?? "unspecified"}`]
      : [h("span", {}, over >= 1 ? "Expired " : "Expires "), time(certificate.Expires), ` (${relative(certificate.Expires)})`]),
    lifeBar(certificate.Issued, certificate.Expires, lifeLabel(days, over)),
    h("p", { class: "help" }, "From ", time(certificate.Issued), " to ", time(certificate.Expires), ".",
      certificate.RenewalDue && over < 1 && certificate.Status === "valid" && [" An agent renews it ", time(certificate.RenewalDue), ` (${relative(certificate.RenewalDue)}).`]));
}

function namesAndUse(certificate) {
  const names = valuesOf(certificate, [NAMES]);
  return [
    names.length > 0 ? h("ul", { class: "names" }, names.map((name) => h("li", {}, sanName(name))))
      : h("p", { class: "help" }, isForServers(certificate) ? "It has no alternative names: programs that check the name of a server refuse it." : "It has no alternative names."),
    facts([
      ...certificate.Extensions.filter((extension) => USAGES.includes(extension.Oid)).map((extension) => [extension.Name, extension.Values.join(", ")]),
      ["Reminders", reminders(certificate)],
    ]),
  ];
}

// "DNS www.example.com": the type, then the name.
function sanName(text) {
  const at = text.indexOf(" ");
  return at < 0 ? h("bdi", {}, text) : [h("span", { class: "type" }, TYPES[text.slice(0, at)] ?? text.slice(0, at)), " ", h("bdi", {}, text.slice(at + 1))];
}

function reminders({ NotifyExpiry, ExpiryReminders = [] }) {
  return ExpiryReminders.length > 0 ? ["Sent on ", ExpiryReminders.flatMap((one, index) => [index > 0 && ", ", time(one)])]
    : NotifyExpiry === undefined ? null : NotifyExpiry ? "On, none sent yet" : "Off";
}

function details(certificate) {
  return [
    facts([
      ["Subject", h("bdi", {}, certificate.Subject)],
      ["Issuer", h("bdi", {}, certificate.Issuer)],
      ["Serial number", h("span", { class: "mono" }, certificate.SerialNumber)],
      ["in hexadecimal", fingerprint(certificate.SerialNumberHex, "serial number")],
      ["Key", certificate.Key],
      ["SHA-256", fingerprint(certificate.Sha256, "SHA-256")],
      ["SHA-1", fingerprint(certificate.Sha1, "SHA-1")],
    ]),
    h("details", {}, h("summary", {}, `All extensions (${certificate.Extensions.length})`), facts(certificate.Extensions.map((extension) =>
      [[extension.Name, extension.Critical && h("span", { class: "critical" }, " critical")], extension.Values.map((value) => h("span", { class: "line" }, value))]))),
    h("details", {}, h("summary", {}, "PEM"), code(certificate.Certificate.trimEnd(), "PEM")),
  ];
}

function verifyPart(certificate, authorities, bundle) {
  const signers = certificate.Chain.map((pem) => authorities.find((ca) => same(ca.Certificate, pem))).filter(Boolean);
  const usages = valuesOf(certificate, ["2.5.29.37"]).join(" ");
  const purpose = isForServers(certificate) ? "sslserver" : usages.includes("CLIENT_AUTH") ? "sslclient" : null;
  const stem = fileStem(certificate.CommonName);
  const own = `${stem}.pem`;
  if (signers.length < certificate.Chain.length || signers.some((ca) => !ca.IsCurrent)) {
    return [
      note("warn", h("p", {}, "A former CA has signed it, whose certificate and CRL are not published any more. This line trusts the root in the chain: compare its fingerprint.")),
      h("p", {}, "Save the PEM file and the PEM file with chain above. Then, in the folder where they are:"),
      code(formerLine(stem), "Lines for openssl"),
    ];
  }

  return [
    h("p", {}, "Save the PEM file above and these: ", verifyFiles(signers, bundle).flatMap((path, index) => [index > 0 && ", ", file(path)]), ". Then, in the folder where they are:"),
    code(verifyLines(own, signers, bundle, purpose), "Lines for openssl"),
    h("p", { class: "help" }, `It answers "${own}: OK". A revoked certificate is refused with "certificate revoked".`),
    h("p", { class: "help" }, "Its fingerprint, to compare: ", h("code", {}, `openssl x509 -noout -fingerprint -sha256 -in ${nameOf(own)}`)),
  ];
}

async function pastOf(serial) {
  const { Entries } = await get("history", { serial });
  return Entries.length === 0 ? empty("Nothing is in the history", exportTime ? "This copy has the history of 30 days." : "The history goes back 400 days.")
    : [historyTable(Entries, { withName: false }), h("p", {}, h("a", { href: address("history", { name: Entries[0].CommonName, days: "400" }) }, "Everything under this name"))];
}

function valuesOf(certificate, oids) {
  return certificate.Extensions.filter((extension) => oids.includes(extension.Oid)).flatMap((extension) => extension.Values);
}

function isForServers(certificate) {
  return valuesOf(certificate, ["2.5.29.37"]).join(" ").includes("SERVER_AUTH");
}

/** Whether two PEM texts are the same certificate. */
function same(one, other) {
  return one.replace(/\s/g, "") === other.replace(/\s/g, "");
}
