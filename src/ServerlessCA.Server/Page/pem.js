// Reads and writes PEM (RFC 7468), and offers files to save.

import { h } from "./dom.js";

const MAX_STEM = 100; // characters

/** The octets of a base64 text, with or without line ends. */
export function octetsOf(base64) {
  return Uint8Array.from(atob(base64.replace(/\s/g, "")), (character) => character.charCodeAt(0));
}

/** The octets of the first PEM block of a text. */
export function derOf(pem) {
  return octetsOf(pem.replace(/^[\s\S]*?-----BEGIN [^-]+-----/, "").replace(/-----END[\s\S]*$/, ""));
}

/** A PEM block of 64 columns. */
export function pemOf(label, octets) {
  const base64 = btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(""));
  return `-----BEGIN ${label}-----\n${base64.match(/.{1,64}/g).join("\n")}\n-----END ${label}-----\n`;
}

/** A link that saves something this page has made. */
export function saveLink(content, fileName, text, { type = "application/x-pem-file", kind = "", saved } = {}) {
  return h("a", { class: `button ${kind}`, on: saved ? { click: saved } : {}, href: URL.createObjectURL(new Blob([content], { type })), download: fileName }, text);
}

/** A name for the files of a common name, as the server chooses it: every system and shell takes it as it is. */
export function fileStem(commonName) {
  const plain = commonName.slice(0, MAX_STEM).replace(/[^A-Za-z0-9._-]/g, "_");
  return plain.replace(/^[.-]+|[.-]+$/g, "") || "certificate";
}
