// Writes a PKCS #7 file that holds certificates and nothing else (RFC 2315 §9.1), for exports, where no server does it.

import { context, integer, oid, sequence, set } from "./der.js";

/** A "degenerate" SignedData: certificates without a signer. */
export function certificatesOnly(certificates) {
  const data = sequence(integer([1]), set(), sequence(oid("1.2.840.113549.1.7.1")), context(0, ...certificates), set());
  return sequence(oid("1.2.840.113549.1.7.2"), context(0, data));
}
