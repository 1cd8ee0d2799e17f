namespace ServerlessCA.Conformance.Differences;

/// <summary>Every place where we differ from the original, in the order in which they are worked into its results: first
/// named cases, then rules that find their cases by themselves. What is not here must be the same.</summary>
internal static class DeliberateDifferences
{
    public static IReadOnlyList<DeliberateDifference> All { get; } =
    [
        .. CsrDifferences.All,
        .. FieldDifferences.All,
        .. SubjectDifferences.All,
        .. IssuanceDifferences.All,
        .. NameDifferences.All,
        .. LedgerDifferences.All,
        .. NotifyDifferences.All,
        new("no-name-instead", "12.8", "Names that are all invalid are not replaced by the common name", CertificateRules.NoNameInsteadOfInvalidOnes),
        new("no-ocsp-signing", "12.20", "No certificate can answer for the CA who is revoked", RequestRules.OcspSigningIsRefused),
        new("no-name-in-csr", "12.25", "A CSR needs no common name when the request has one", RequestRules.CsrNeedsNoName),
        new("key-once", "12.3", "A key is used once, whatever the name", RequestRules.KeysAreUsedOnce),
        new("within-issuer", "12.10", "No certificate outlives its issuer", CertificateRules.NoLongerThanIssuer),
        new("ca-start", "12.28", "A new CA is valid from five minutes ago", CertificateRules.NewCasBeginEarlier),
        new("key-usage", "12.5", "Key usage follows the key", CertificateRules.KeyUsageFollowsKey),
        new("no-policy", "12.12", "No CA/Browser Forum policy by default", CertificateRules.NoDefaultPolicy),
        new("usages-once", "12.14", "Every extended key usage once", CertificateRules.UsagesOnce),
        new("issuer-der", "12.6", "The issuer's address leads to DER", CertificateRules.IssuerAddressIsDer),
        new("file-types", "12.6", "Published files have their proper types", PublishingRules.FilesSayWhatTheyAre),
        new("der-too", "12.6", "CA certificates are published as DER too", PublishingRules.CertificatesAreDerToo),
        new("crl-copied", "12.21", "A copy of a CRL is in the internal store before it is published", PublishingRules.CrlsAreCopied),
        new("crl-dated-back", "12.28", "A CRL is dated five minutes back", PublishingRules.CrlsAreDatedBack),
        new("unknown-entries-told", "12.22", "An entry that no certificate fits is told", FailedEntryDifferences.UnknownOnesAreTold),
        new("told-alone", "12.17", "A notification carries the certificate alone", RequestRules.CertificateIsToldAlone),
        new("told-subject", "12.17", "A rejection names the subject that would have been issued", RequestRules.RejectionNamesTheSubject),
        new("omissions-told", "12.8", "The answer lists all that was left out", WarningRules.OmissionsAreTold),
        new("refusal-code", "12.2", "A clear refusal names its kind for programs, too: an additive code", RefusalCodes.EveryRefusalHasOne),
        new("ignored-told", "12.24", "Whatever is ignored is told, in the answer and in the notification", WarningRules.AllIsTold),
        new("lints-told", "12.31", "Lints warn of what looks mistaken in a certificate, behind everything else", LintRules.FindingsAreTold),
    ];

    /// <summary>Works all differences into a case.</summary>
    /// <returns>Which of them changed it.</returns>
    public static IReadOnlyList<DeliberateDifference> WorkInto(ExpectedCase expected) =>
        [.. All.Where(difference => difference.Change(expected))];
}
