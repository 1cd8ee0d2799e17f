// Revokes a certificate, after its name has been typed.

import { post } from "./api.js";
import { announce, fill, h } from "./dom.js";
import { count, time } from "./format.js";
import { file } from "./authorities.js";
import { whyNoRevocation } from "./session.js";
import { faultNote, field, markWrong, note, select } from "./widgets.js";

const REASONS = [
  ["unspecified", "No reason given"],
  ["keyCompromise", "The key is in foreign hands"],
  ["affiliationChanged", "The names or the organisation have changed"],
  ["superseded", "Another certificate takes its place"],
  ["cessationOfOperation", "The service has ended"],
  ["privilegeWithdrawn", "Its holder may not use it any more"],
];

/** Draws the form; without the right to revoke, the sentence that says why. */
export function revokePart(certificate, again) {
  const place = h("div");
  const why = certificate.Status === "revoked" ? "It is revoked, and stays so." : certificate.Status === "expired" ? "It has expired: there is nothing left to revoke." : whyNoRevocation();
  return why ? h("p", { class: "help" }, why) : fill(place, opener(place, certificate, again));
}

function opener(place, certificate, again) {
  return [h("p", { class: "help" }, "Its clients and servers are refused as soon as they see the new CRL. This cannot be undone."),
    h("button", { type: "button", class: "button danger", on: { click: () => { fill(place, form(place, certificate, again)); place.querySelector("select").focus(); } } }, "Revoke this certificate …")];
}

function form(place, certificate, again) {
  const reason = select("reason", REASONS);
  const typed = h("input", { type: "text", name: "confirm", autocomplete: "off", spellcheck: "false", autocapitalize: "none", required: true });
  const result = h("div");
  const button = h("button", { type: "submit", class: "button danger" }, "Revoke for good");
  const cancel = h("button", { type: "button", class: "button", on: { click: () => { fill(place, opener(place, certificate, again)); place.querySelector("button").focus(); } } }, "Cancel");
  return h("form", { class: "stack", novalidate: true, on: { submit } }, field("Reason", reason),
    field(["Type ", h("strong", { class: "wrap" }, h("bdi", {}, nameOf(certificate))), " to confirm"], typed), h("div", { class: "actions" }, button, cancel), result);

  async function submit(event) {
    event.preventDefault();
    if (typed.value !== nameOf(certificate)) {
      markWrong(typed, "This is not its name.");
      typed.focus();
      return;
    }

    markWrong(typed, "");
    button.disabled = true;
    try {
      const answer = await post("revocations", { SerialNumber: certificate.SerialNumber, CommonName: certificate.CommonName || undefined, Reason: reason.value });
      announce("Revoked");
      fill(place, done(answer, again));
      place.querySelector("button").focus();
    } catch (fault) {
      fill(result, faultNote(fault));
      button.disabled = false;
    }
  }
}

// A certificate without a common name is confirmed by its serial number.
function nameOf(certificate) {
  return certificate.CommonName || certificate.SerialNumber;
}

function done(answer, again) {
  return [
    note("good", h("p", {}, h("strong", {}, "Revoked "), "since ", time(answer.Revoked), `, reason: ${answer.Reason}.`),
      answer.Crl ? h("p", {}, "It is on ", file(answer.Crl.replace(/^.*\//, ""), `CRL ${answer.CrlNumber}`), ".") : h("p", {}, "The CRL is not published yet: the next run does it.")),
    (answer.Warnings ?? []).length > 0 && note("warn", h("p", {}, `${count(answer.Warnings.length, "warning")}:`), answer.Warnings.map((warning) => h("p", {}, warning))),
    h("p", {}, h("button", { type: "button", class: "button", on: { click: again } }, "Show it as it is now")),
  ];
}
