// Makes a key and a certificate request (PKCS #10, RFC 2986) in the browser. The key leaves it only as a file for its owner.

import { bits, context, integer, nothing, oid, sequence, set, utf8 } from "./der.js";
import { pemOf } from "./pem.js";

const RSA = { name: "RSASSA-PKCS1-v1_5", publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };

/** The kinds of keys, with the signature of the request. */
export const KEY_KINDS = {
  "P-256": { title: "ECDSA P-256 (recommended)", algorithm: { name: "ECDSA", namedCurve: "P-256" }, hash: "SHA-256", oid: "1.2.840.10045.4.3.2", half: 32 },
  "P-384": { title: "ECDSA P-384", algorithm: { name: "ECDSA", namedCurve: "P-384" }, hash: "SHA-384", oid: "1.2.840.10045.4.3.3", half: 48 },
  "RSA-2048": { title: "RSA 2048", algorithm: { ...RSA, modulusLength: 2048 }, hash: "SHA-256", oid: "1.2.840.113549.1.1.11" },
  "RSA-3072": { title: "RSA 3072", algorithm: { ...RSA, modulusLength: 3072 }, hash: "SHA-256", oid: "1.2.840.113549.1.1.11" },
};

const COMMON_NAME = "2.5.4.3";

/** Whether this browser makes keys here: it does by HTTPS and on this machine. */
export function canMakeKeys() {
  return Boolean(globalThis.crypto?.subtle);
}

/** Makes a key pair of a kind. */
export function makeKey(kind) {
  return crypto.subtle.generateKey(KEY_KINDS[kind].algorithm, true, ["sign", "verify"]);
}

/** Writes the private key as a file: PKCS #8 in PEM, not encrypted. */
export async function keyPem(pair) {
  return pemOf("PRIVATE KEY", new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)));
}

/** Writes a certificate request for a common name, signed by the key that it asks for. */
export async function makeCsr(pair, kind, commonName) {
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const subject = sequence(set(sequence(oid(COMMON_NAME), utf8(commonName))));
  const info = sequence(integer([0]), subject, publicKey, context(0));
  const { oid: algorithm, half, hash } = KEY_KINDS[kind];
  const signature = new Uint8Array(await crypto.subtle.sign({ name: pair.privateKey.algorithm.name, hash }, pair.privateKey, info));
  return pemOf("CERTIFICATE REQUEST", half
    ? sequence(info, sequence(oid(algorithm)), bits(ecdsaSignature(signature, half)))
    : sequence(info, sequence(oid(algorithm), nothing()), bits(signature)));
}

// WebCrypto returns two numbers of fixed length; X.509 wants a SEQUENCE of two INTEGERs (RFC 3279 §2.2.3).
function ecdsaSignature(raw, half) {
  return sequence(integer(raw.slice(0, half)), integer(raw.slice(half)));
}
