// Signs in by a token or by the client certificate of the browser.

import { fill, h } from "./dom.js";
import { session, signIn } from "./session.js";
import { faultNote, field, markWrong, note } from "./widgets.js";

/** Draws the forms for the ways that this server knows. */
export async function signInView(place, { again }) {
  const ways = session.SignIn ?? [];
  const result = h("div", { "aria-live": "assertive" });
  const shown = [ways.includes("token") && tokenForm(), ways.includes("certificate") && certificateForm()].filter(Boolean);
  fill(place, h("div", { class: "sign-in" }, h("h1", {}, "Sign in"),
    h("p", { class: "lead" }, "What this CA has issued is shown to those whom it knows."),
    shown.length === 0 ? note("notice", h("p", {}, "This server has no credentials to check: there is nothing to sign in with.")) : shown, result));

  function tokenForm() {
    const token = h("input", { type: "password", name: "token", autocomplete: "current-password", required: true, spellcheck: "false" });
    const button = h("button", { type: "submit", class: "button primary" }, "Sign in");
    return h("form", { class: "panel stack", novalidate: true, on: { submit: (event) => {
      event.preventDefault();
      if (token.value.trim() === "") {
        markWrong(token, "Write the token here.");
        token.focus();
        return;
      }

      markWrong(token, "");
      attempt(button, token.value.trim(), () => { token.value = ""; token.focus(); });
    } } }, h("h2", {}, "With a token"), field("Token", token, "From the file that serve was started with. It is sent once, over this connection; the browser then has a session of at most 8 hours."), h("div", {}, button));
  }

  function certificateForm() {
    const button = h("button", { type: "button", class: "button primary", on: { click: () => attempt(button, undefined, () => button.focus()) } }, "Use my client certificate");
    return h("div", { class: "panel stack" }, h("h2", {}, "With a client certificate"), h("p", { class: "help" },
      "One that this CA has issued and that the operator admits by name. The browser must have it; it asks for it when the connection begins."), h("div", {}, button));
  }

  async function attempt(button, token, failed) {
    button.disabled = true;
    fill(result);
    try {
      await signIn(token);
      await again();
    } catch (fault) {
      fill(result, faultNote(fault));
      button.disabled = false;
      failed();
    }
  }
}
