// The lines that check a certificate with openssl, with the files as they are downloaded here.

/** The files that the lines need besides the certificate: all are published by the CA. */
export function verifyFiles(authorities, bundle) {
  return [bundle, ...authorities.map((ca) => crlPem(ca))].filter(Boolean);
}

/** The lines: signature, names of the chain, dates, and whether it is on the CRL of its issuer or its issuer on that of the root. */
export function verifyLines(certificateFile, authorities, bundle, purpose) {
  const crls = authorities[0]?.Crl ? authorities.map(crlPem).filter(Boolean).map(nameOf) : [];
  const check = crls.length === 0 ? "" : crls.length === authorities.length ? " -crl_check_all" : " -crl_check";
  const options = [purpose && `-purpose ${purpose}`, `-CAfile ${nameOf(bundle)}`, ...crls.map((crl) => `-CRLfile ${crl}`), certificateFile].filter(Boolean);
  return [`openssl verify -x509_strict${check}`, ...options].map((line, index, all) => `${index > 0 ? "  " : ""}${line}${index < all.length - 1 ? " \\" : ""}`);
}

/** The line for a certificate of a former CA, whose files are not published any more: only its chain is there. */
export function formerLine(stem) {
  return `openssl verify -x509_strict -CAfile ${stem}-chain.pem ${stem}.pem`;
}

/** The last part of a path. */
export function nameOf(path) {
  return path.replace(/^.*\//, "");
}

// The CA publishes each CRL in PEM, too, which every version of openssl reads.
function crlPem(ca) {
  return ca.Crl && `${ca.Crl.File}.pem`;
}
