# The words of lint_ignore and lint_refuse (docs/lints.md). A function does not start with another one, so the plan refuses it.
locals {
  lint_words = [
    "notice", "warning", "error",
    "san-missing", "cn-not-in-san", "cn-ip-not-in-san", "cn-bad-host-name", "san-wildcard", "san-wildcard-public-suffix",
    "san-wildcard-covers-name", "san-duplicate", "san-many", "san-single-label", "san-special-use", "san-upper-case",
    "san-underscore", "san-ip-not-a-host", "san-ip-mapped", "spiffe-several-uris", "san-near-duplicate", "san-www-typo",
    "san-tld-repeated", "san-tld-typo", "san-mixed-scripts", "country-unknown", "country-lower-case", "subject-placeholder",
    "subject-white-space", "subject-control-character", "subject-too-long", "cn-email", "email-not-in-san", "eku-any",
    "client-only-host", "ocsp-signing-not-alone", "ocsp-no-check-missing", "time-stamping-unfit", "code-signing-with-server",
    "email-protection-without-address", "ipsec-usage-deprecated", "extension-critical", "ca-extension-in-leaf",
    "must-staple-without-ocsp", "csr-asks-for-ca", "lifetime-over-398", "lifetime-cut", "lifetime-cut-by-issuer", "lifetime-one-day",
    "rsa-size-unusual", "rsa-over-4096", "rsa-exponent-large", "rsa-2048-after-2030", "ml-dsa-early", "csr-weak-signature",
    "certificate-large", "acm-key", "alb-client-key", "api-gateway-client-key", "cloudfront-key", "cloudfront-private-ca",
    "cloudfront-no-domain", "roles-anywhere-key", "roles-anywhere-size", "openssl-ml-dsa", "openssl-eddsa", "java-eddsa",
    "java-ml-dsa", "java-chain-large", "browser-key", "browser-lifetime", "browser-no-server-auth",
  ]
}
