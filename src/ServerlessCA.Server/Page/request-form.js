// The form of a request: what the certificate is for. It makes the event that the CA reads, without its CSR.

import { h, newId, quiet } from "./dom.js";
import { canMakeKeys, KEY_KINDS } from "./csr.js";
import { field, markWrong, select } from "./widgets.js";

const TYPES = [["DNS_NAME", "DNS name"], ["IP_ADDRESS", "IP address"], ["EMAIL_ADDRESS", "Mail address"], ["URL", "URL"]];
const LIFETIMES = [7, 30, 90, 180, 365];
const DEFAULT_DAYS = 30; // the contract's default, section 5

/** Makes the form; `read` returns what was entered, or null after it has marked what is wrong. */
export function requestForm(session, submit) {
  const commonName = h("input", { type: "text", name: "common_name", required: true, maxlength: 400, autocomplete: "off", spellcheck: "false", autocapitalize: "none" });
  const client = checkbox("purpose", "client_auth", "Client: it identifies itself to servers", true);
  const server = checkbox("purpose", "server_auth", "Server: others connect to it", false);
  const purposes = h("fieldset", {}, h("legend", {}, "Purpose"), client.row, server.row, h("p", { class: "wrong", id: "purpose-wrong" }));
  const days = h("input", { type: "number", name: "lifetime", min: 1, step: 1, value: session.Lifetimes?.Default ?? DEFAULT_DAYS, inputmode: "numeric", list: "lifetimes" });
  const kind = select("key", Object.entries(KEY_KINDS).map(([word, { title }]) => [word, title]), "P-256");
  const names = namesList();
  const own = checkbox("own", "own", "The common name, too", true);
  own.row.hidden = true;
  const button = h("button", { type: "submit", class: "button primary", disabled: !canMakeKeys() }, "See it before it is signed");
  const element = h("form", { class: "stack", novalidate: true, on: { submit: submitted, input: ownShown } },
    field("Common name", commonName, "Such as the host of a server or the name of a client: www.example.com"),
    purposes,
    h("fieldset", {}, h("legend", {}, "Alternative names"),
      h("p", { class: "help" }, "The names under which others connect to a server. Without any, the common name is used if it is a domain."), names.element, own.row),
    h("div", { class: "pair" }, field("Lifetime in days", days, longest(session)), field("Key", kind, "Made in this browser. It is never sent.")),
    h("datalist", { id: "lifetimes" }, LIFETIMES.map((one) => h("option", { value: one }))),
    h("div", {}, button));
  return { element, button };

  function ownShown() {
    own.row.hidden = names.read().length === 0;
  }

  function submitted(event) {
    event.preventDefault();
    const entered = read();
    if (entered) {
      submit(entered);
    }
  }

  function read() {
    const wrong = [
      check(commonName, commonName.value.trim() === "" ? "Write a common name." : ""),
      check(days, Number.isInteger(Number(days.value)) && Number(days.value) >= 1 ? "" : "Write a whole number of days, at least 1."),
      purposeFault(),
    ].filter(Boolean);
    wrong[0]?.focus();
    return wrong.length > 0 ? null : { kind: kind.value, event: event() };
  }

  function purposeFault() {
    const none = !client.box.checked && !server.box.checked;
    purposes.querySelector(".wrong").textContent = none ? "Choose at least one purpose." : "";
    return none ? client.box : null;
  }

  function event() {
    const name = commonName.value.trim();
    const given = names.read();
    const hasOwn = given.some((one) => one.value.toLowerCase() === name.toLowerCase());
    const all = given.length > 0 && own.box.checked && !hasOwn && looksLikeHost(name) ? [{ type: "DNS_NAME", value: name }, ...given] : given;
    return {
      common_name: name,
      purposes: [client, server].filter((one) => one.box.checked).map((one) => one.box.value),
      lifetime: Number(days.value),
      ...(all.length > 0 ? { sans: all } : {}),
    };
  }
}

function check(control, text) {
  markWrong(control, text);
  return text ? control : null;
}

function longest({ Lifetimes }) {
  return Lifetimes ? `At most ${Lifetimes.Longest}: what is longer is reduced to that.` : "The CA reduces what is longer than it allows.";
}

// A name of a person or a program is no name of a host.
function looksLikeHost(name) {
  return /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(name);
}

function checkbox(name, value, label, checked) {
  const id = newId("box");
  const box = h("input", { type: "checkbox", id, name, value, checked });
  return { box, row: h("div", { class: "check" }, box, h("label", { for: id }, label)) };
}

/** Rows of a type and a name; they come and go by buttons. */
function namesList() {
  const rows = h("div", { class: "name-rows" });
  const add = h("button", { type: "button", class: "button small", on: { click: () => { const row = addRow(); row.querySelector("input").focus(); } } }, "Add a name");
  return { element: h("div", {}, rows, add), read };

  function addRow() {
    const type = select("san-type", TYPES);
    const value = h("input", { type: "text", name: "san", maxlength: 1000, autocomplete: "off", spellcheck: "false", autocapitalize: "none", "aria-label": "Name" });
    type.setAttribute("aria-label", "Type of the name");
    const row = h("div", { class: "name-row" }, type, value, h("button", { type: "button", class: "button small", on: { click: () => {
      row.remove();
      add.focus();
      rows.dispatchEvent(new Event("input", { bubbles: true }));
    } } }, "Remove", quiet(" this name")));
    rows.append(row);
    return row;
  }

  function read() {
    return Array.from(rows.children, (row) => ({ type: row.querySelector("select").value, value: row.querySelector("input").value.trim() })).filter((one) => one.value !== "");
  }
}
