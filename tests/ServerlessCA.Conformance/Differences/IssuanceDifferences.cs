namespace ServerlessCA.Conformance.Differences;

/// <summary>Sound requests that we grant or refuse unlike the original.</summary>
internal static class IssuanceDifferences
{
    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        CaseDifference.GrantedLike(
            "odd-tls-json", "12.4", "A broken tls.json does not keep a direct request from its certificate",
            "gitops/direct-expiry-false-issued-false",
            "gitops/tls-json-broken", "gitops/tls-json-no-name", "gitops/tls-json-object"),
        CaseDifference.Refused(
            "no-ca", "12.2", "Without an issuing CA there is no certificate", "CA serverless-issuing-ca-dev not found",
            "ca-creation/tls-before-cas", "ca-creation/tls-without-issuing-ca"),
        CaseDifference.Refused(
            "expired-ca", "12.10", "An expired CA does not issue", "CA serverless-issuing-ca-dev expired on 2026-03-12 10:20:30",
            "lifetime/ca-expired"),
        CaseDifference.Refused(
            "revoked-ca", "12.10", "A revoked CA does not issue", "CA serverless-issuing-ca-dev was revoked on 2026-03-02 10:20:30",
            "revocation/root-key-still-issues"),
        CaseDifference.Of(
            "forced-once", "12.19", "force_issue in tls.json issues once for an entry and a CSR",
            (_, step) => step.Refuse("Certificate already issued", null), "gitops/again-forced"),
    ];
}
