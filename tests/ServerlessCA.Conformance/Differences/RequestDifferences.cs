using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Comparing;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Requests that we refuse, or grant, unlike the original.</summary>
internal static class RequestDifferences
{
    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        CaseDifference.Refused(
            "possession", "12.1", "Who asks for a certificate proves to have the key", "CSR signature is not valid",
            "csr-input/bad-signature", "csr-input/bad-signature-rsa", "csr-input/bad-subject", "csr-input/stolen-key"),
        CaseDifference.Refused(
            "weak-keys", "12.1", "Keys that are weak or that few programs know are refused", Naming("key"),
            "csr-input/key-rsa1024", "csr-input/key-k256", "csr-input/key-p224", "csr-input/key-dsa"),
        CaseDifference.Senseless(
            "no-csr", "12.2", "What is no CSR is refused", Naming("csr"),
            "csr-input/missing", "csr-input/null", "csr-input/empty", "csr-input/number", "csr-input/list", "csr-input/not-base64",
            "csr-input/bad-padding", "csr-input/base64-of-text", "csr-input/pem-not-encoded", "csr-input/der", "csr-input/base64-junk",
            "csr-input/base64-unpadded", "csr-input/base64-twice", "csr-input/truncated", "csr-input/trailing-der",
            "csr-input/wrong-label", "csr-input/private-key-label", "csr-input/version-2", "gitops/csr-file-is-not-csr"),
        CaseDifference.Senseless(
            "one-csr", "12.2", "A CSR stands alone: text around it or a second one is a mistake", Naming("csr"),
            "csr-input/text-around", "csr-input/two-csrs"),
        CaseDifference.Senseless(
            "csr-file-type", "12.2", "csr_file is a text", Naming("csr_file"), "events/csr-file-number", "events/csr-file-true"),
        CaseDifference.Senseless(
            "lifetime-type", "12.2", "lifetime is a whole number, also as text", Naming("lifetime"),
            "lifetime/string-word", "lifetime/string-float", "lifetime/string-empty", "lifetime/string-underscore", "lifetime/float",
            "lifetime/float-below-one", "lifetime/null", "lifetime/true", "lifetime/false", "lifetime/list", "lifetime/object",
            "lifetime/unicode-digits"),
        CaseDifference.Of(
            "no-lifetime-left", "12.2", "A maximum of 0 leaves no lifetime to grant",
            (_, step) => step.Refuse("0 is too short", Expected.VagueRejection("0 is too short")), "lifetime/maximum-zero"),
        CaseDifference.Senseless(
            "purposes-type", "12.2", "purposes is a list", Naming("purposes"),
            "purposes/string", "purposes/object", "purposes/number", "purposes/true"),
        CaseDifference.Senseless(
            "common-name", "12.2", "common_name is a text of 1 to 64 characters", Naming("common_name"),
            "subject/common-name-65", "subject/common-name-empty", "subject/common-name-null",
            "subject/common-name-number", "subject/common-name-list", "subject/common-name-true", "subject/common-name-missing",
            "events/empty", "ca-chain/chain-only-false-empty"),
        CaseDifference.Senseless(
            "country", "12.2", "A country is two letters", Naming("country"),
            "subject/csr-bad-country", "subject/country-long", "subject/country-short", "subject/country-unicode",
            "subject/country-punctuation", "subject/country-int"),
        CaseDifference.Senseless(
            "organization", "12.2", "Names are texts of at most 64 characters (RFC 5280 appendix A)", Naming("organization"),
            "subject/organization-int", "subject/false-values", "subject/organization-long-65", "subject/organization-long-1000",
            "combinations/18", "combinations/28#2", "combinations/28#3"),
        CaseDifference.Senseless(
            "organizational-unit", "12.2", "Names are texts of at most 64 characters (RFC 5280 appendix A)",
            Naming("organizational_unit"), "combinations/34"),
        CaseDifference.Senseless("state", "12.2", "state is a text", Naming("state"), "subject/state-list"),
        CaseDifference.Senseless("locality", "12.2", "locality is a text", Naming("locality"), "subject/locality-dict"),
        CaseDifference.Senseless(
            "email", "12.8", "An e-mail address in a subject is ASCII, as IA5String is", Naming("email_address"), "subject/email-unicode"),
        CaseDifference.Refused(
            "fake-common-name", "12.8", "A CSR whose organization says 'CN=' has no common name",
            "CSR must include a Common Name", "subject/cn-in-organization"),
        CaseDifference.Senseless("sans-type", "12.2", "sans is a text, a list or a map", Naming("sans"), "sans-dns/number", "sans-dns/true"),
        CaseDifference.Senseless(
            "usages-type", "12.2", "extended_key_usages is a list", Naming("extended_key_usages"), "extended-key-usages/string"),
        CaseDifference.Senseless(
            "usage-oids", "12.14", "A usage that begins like an OID is one", Naming("extended_key_usages"),
            "extended-key-usages/bad-oid", "extended-key-usages/bad-oid-dot", "extended-key-usages/bad-oid-one-arc",
            "extended-key-usages/bad-oid-second-arc"),
        CaseDifference.GrantedLike(
            "usage-elements", "12.8", "A wrong element of a list is dropped alone", "extended-key-usages/unknown",
            "extended-key-usages/number", "extended-key-usages/null-inside"),
        CaseDifference.Senseless(
            "extensions-type", "12.2", "extensions is a list of objects", Naming("extension"),
            "extensions/list-oid", "extensions/object", "extensions/string", "extensions/list-of-strings", "extensions/list-of-nulls",
            "extensions/true", "extensions/critical-number"),
        CaseDifference.Refused(
            "extension-values", "12.14", "The value of an extension is one DER element", Naming("1.3.6.1.4.1.55555.1.1"),
            "extensions/empty-value", "extensions/not-der"),
        CaseDifference.Of(
            "critical-text", "12.2", "The text 'false' is the flag false",
            (_, step) => step.Extension("unknown")!["critical"] = false, "extensions/critical-string"),
        CaseDifference.Senseless(
            "force-type", "12.2", "A flag is true or false", Naming("force_issue"), "key-reuse/forced-number#3", "key-reuse/forced-number#4"),
        CaseDifference.Senseless("notify-type", "12.2", "A flag is true or false", Naming("notify_"), "gitops/flags-numbers"),
        CaseDifference.Of(
            "notify-text", "12.2", "The text 'false' is the flag false",
            (_, step) =>
            {
                step.Form["sns"] = new JsonArray();
                step.Rows[0]!["item"]!["NotifyExpiry"] = new JsonObject { ["BOOL"] = false };
            },
            "gitops/flags-strings"),
        CaseDifference.GrantedLike(
            "chain-only-text", "12.2", "The text 'false' is the flag false", "ca-chain/bundle-false", "ca-chain/chain-only-string"),
        CaseDifference.GrantedLike(
            "odd-tls-json", "12.4", "A broken tls.json does not keep a direct request from its certificate",
            "gitops/direct-expiry-false-issued-false",
            "gitops/tls-json-broken", "gitops/tls-json-no-name", "gitops/tls-json-object"),
        CaseDifference.Of(
            "no-ca", "12.2", "Without an issuing CA there is no certificate",
            (_, step) => step.Refuse(
                "CA serverless-issuing-ca-dev not found", Expected.Rejection(step, "CA serverless-issuing-ca-dev not found")),
            "ca-creation/tls-before-cas", "ca-creation/tls-without-issuing-ca"),
        CaseDifference.Refused(
            "dead-ca", "12.10", "An expired CA does not issue", Naming("expired"), "lifetime/ca-expired"),
        CaseDifference.Refused(
            "revoked-ca", "12.10", "A revoked CA does not issue", Naming("revoked"), "revocation/root-key-still-issues"),
        CaseDifference.Of(
            "forced-once", "12.19", "force_issue in tls.json issues once for an entry and a CSR",
            (_, step) => step.Refuse("Certificate already issued", null), "gitops/again-forced"),
    ];

    private static JsonObject Naming(string field) => FormPattern.Containing(field);
}
