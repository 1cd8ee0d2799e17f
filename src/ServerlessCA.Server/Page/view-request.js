// Requests a certificate: the form, what would be issued, and the files.

import { post } from "./api.js";
import { announce, fill, h } from "./dom.js";
import { canMakeKeys, keyPem, makeCsr, makeKey } from "./csr.js";
import { requestForm } from "./request-form.js";
import { issuedPart, previewPart } from "./request-parts.js";
import { maySignIn, isSignedIn, session, whyNoRequest } from "./session.js";
import { faultNote, loading, note } from "./widgets.js";

// The browser asks before it closes a page whose key was not saved.
function keep(event) {
  event.preventDefault();
}

function forget() {
  removeEventListener("beforeunload", keep);
}

/** Draws the form, or the sentence that says why there is none. */
export async function requestView(place) {
  const why = whyNoRequest();
  const heading = h("h1", {}, "Request a certificate");
  if (why) {
    fill(place, heading, note("notice", h("p", {}, why), maySignIn() && !isSignedIn() && h("p", {}, h("a", { class: "button", href: "#/sign-in" }, "Sign in"))),
      h("p", { class: "help" }, "On the command line: ", h("code", {}, "serverless-ca request --common-name client.example.com --ca URL")));
    return {};
  }

  const below = h("div", { class: "request-steps" });
  const form = requestForm(session, preview);
  fill(place, heading, h("p", { class: "lead" }, "The key is made in this browser and never leaves it, except as the file that you save."),
    !canMakeKeys() && note("warn", h("p", {}, "This browser makes keys only over HTTPS or on the machine of the server. Open this page by such an address.")),
    h("section", { class: "panel" }, form.element), below);
  return { leave: forget };

  async function preview(entered) {
    form.button.disabled = true;
    fill(below, loading("Making the key"));
    try {
      const pair = await makeKey(entered.kind);
      const csr = await makeCsr(pair, entered.kind, entered.event.common_name);
      const event = { ...entered.event, base64_csr_data: btoa(csr) };
      const plan = await post("plan", { Request: event });
      const [entry] = plan.Entries;
      fill(below, previewPart(entry, () => request(pair, event)));
      announce(entry.Plan === "Issue" ? "This would be issued" : "This would be refused");
      below.querySelector("h2")?.focus();
    } catch (fault) {
      fill(below, faultNote(fault));
    }

    form.button.disabled = false;
  }

  async function request(pair, event) {
    fill(below, loading("Requesting"));
    try {
      const answer = await post("certificates", event);
      const key = await keyPem(pair);
      addEventListener("beforeunload", keep);
      fill(below, issuedPart(answer, key, event, forget));
      announce("Issued");
      below.querySelector("h2")?.focus();
      below.scrollIntoView({ block: "start" });
    } catch (fault) {
      fill(below, faultNote(fault));
    }
  }
}
