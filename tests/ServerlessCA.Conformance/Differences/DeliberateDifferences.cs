using System.Globalization;
using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Lists every place where we differ from the original, in the order in which they are applied to its results: first
/// named cases, then rules that find their cases by themselves. Everything else must be the same.</summary>
internal static class DeliberateDifferences
{
    /// <summary>Lists the cases of class <c>bug</c> in which we do what the original does, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Kept { get; } = new Dictionary<string, string>
    {
        ["gitops/direct-but-listed"] = "People hear of it, which is no harm; the entry still gets its own certificate (docs/threat-model.md)",
        ["notify/json-list"] = "A message that is a list is shown as it is, which is what 12.2 says of all that is no object",
    };

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
        new("key-once", "12.3", "A key is used once, whatever the name", RequestRules.KeysAreUsedOnce)
        {
            Mends = ["key-reuse/other-name", "key-reuse/name-in-other-case", "key-reuse/forced-string", "key-reuse/beyond-a-page"],
        },
        new("within-issuer", "12.10", "No certificate outlives its issuer", CertificateRules.NoLongerThanIssuer)
        {
            Mends = ["ca-creation/issuing-outlives-root", "lifetime/outlives-ca"],
        },
        new("ca-start", "12.28", "A new CA is valid from five minutes ago", CertificateRules.NewCasBeginEarlier),
        new("key-usage", "12.5", "Key usage follows the key", CertificateRules.KeyUsageFollowsKey),
        new("no-policy", "12.12", "No CA/Browser Forum policy by default", CertificateRules.NoDefaultPolicy),
        new("usages-once", "12.14", "Every extended key usage once", CertificateRules.UsagesOnce)
        {
            Mends = ["purposes/duplicate"],
        },
        new("issuer-der", "12.6", "The issuer's address leads to DER", CertificateRules.IssuerAddressIsDer),
        new("file-types", "12.6", "Published files have their proper types", PublishingRules.FilesSayWhatTheyAre),
        new("der-too", "12.6", "CA certificates are published as DER too", PublishingRules.CertificatesAreDerToo),
        new("crl-copied", "12.21", "A copy of a CRL is in the internal store before it is published", PublishingRules.CrlsAreCopied),
        new("crl-dated-back", "12.28", "A CRL is dated five minutes back", PublishingRules.CrlsAreDatedBack),
        new("unknown-entries-told", "12.22", "An entry that no certificate fits is reported", FailedEntryDifferences.UnknownOnesAreReported),
        new("told-alone", "12.17", "A notification carries the certificate alone", RequestRules.CertificateIsSentAlone),
        new("told-subject", "12.17", "A rejection names the subject that would have been issued", RequestRules.RejectionNamesTheSubject),
        new("omissions-told", "12.8", "The answer lists all that was left out", WarningRules.OmissionsAreListed)
        {
            Mends = ["sans-typed/email-unicode-local"],
        },
        new("refusal-code", "12.2", "A clear refusal names its kind for programs, too: an additive code", RefusalCodes.EveryRefusalHasOne),
        new("ignored-told", "12.24", "Whatever is ignored is named, in the answer and in the notification", WarningRules.AllIsListed),
        new("lints-told", "12.31", "Lints warn of what looks mistaken in a certificate, behind everything else", LintRules.FindingsAreListed),
    ];

    /// <summary>Applies all differences to a case.</summary>
    /// <returns>The differences that changed it.</returns>
    public static IReadOnlyList<DeliberateDifference> WorkInto(ExpectedCase expected) =>
        [.. All.Where(difference => difference.Change(expected))];
}

/// <summary>Is one place where we differ from the original on purpose.</summary>
/// <param name="Id">The name in reports.</param>
/// <param name="Clause">The clause of the contract's section 12.</param>
/// <param name="Why">The reason, in one sentence.</param>
/// <param name="Change">Turns what the original did into what we want; false when a case is not concerned.</param>
internal sealed record DeliberateDifference(string Id, string Clause, string Why, Func<ExpectedCase, bool> Change)
{
    /// <summary>Lists the cases that it names; none for a rule that finds its cases by itself.</summary>
    public IReadOnlyList<string> Cases { get; init; } = [];

    /// <summary>Lists, for a rule, the cases of class <c>bug</c> in which the original was wrong because it had no such rule.</summary>
    public IReadOnlyList<string> Mends { get; init; } = [];
}

/// <summary>Makes differences that concern named cases. A name is <c>theme/case</c>, which means the case's last call of
/// a function, or <c>theme/case#4</c> for the step of that number.</summary>
internal static class CaseDifference
{
    /// <summary>Makes any change of a step. It counts as made only if it changes each of them.</summary>
    public static DeliberateDifference Of(
        string id, string clause, string why, Action<ExpectedCase, ExpectedStep> change, params string[] cases)
    {
        ILookup<string, int?> steps = cases.ToLookup(
            name => name.Split('#')[0],
            name => name.Split('#') is [_, string number] ? int.Parse(number, CultureInfo.InvariantCulture) : (int?)null);
        return new DeliberateDifference(
            id, clause, why, expected => steps[expected.Name].Count(number => Changes(expected, number, change)) is int made
                && made > 0 && made == steps[expected.Name].Count())
        { Cases = [.. steps.Select(found => found.Key)] };
    }

    /// <summary>Makes a difference where a request that could be read is refused; the notification has the subject,
    /// too.</summary>
    public static DeliberateDifference Refused(string id, string clause, string why, string reason, params string[] cases) =>
        Of(id, clause, why, (_, step) => step.Refuse(reason, Expected.Rejection(step, reason, WouldBeSubject.Of(step.Input, step.Csr!))), cases);

    /// <summary>Makes a difference where a request that makes no sense is refused, naming the field; its subject cannot be
    /// known.</summary>
    public static DeliberateDifference Senseless(string id, string clause, string why, string reason, params string[] cases) =>
        Of(id, clause, why, (_, step) => step.Refuse(reason, Expected.Rejection(step, reason, "")), cases);

    /// <summary>Makes a difference where a request that the original failed over is granted as another one was.</summary>
    public static DeliberateDifference GrantedLike(string id, string clause, string why, string model, params string[] cases) =>
        Of(id, clause, why, (expected, step) => Grant(expected, step, expected.Other(model)), cases);

    /// <summary>Makes a difference where a request that the original failed over is granted as another one was, with these
    /// alternative names.</summary>
    public static DeliberateDifference GrantedWith(
        string id, string clause, string why, string model, string names, params string[] cases) => Of(
        id, clause, why,
        (expected, step) =>
        {
            Grant(expected, step, expected.Other(model));
            SetNames(step, JsonNode.Parse(names)!.AsArray());
        },
        cases);

    /// <summary>Makes a difference where the certificate has these alternative names; none: it has no such extension.</summary>
    /// <param name="id">The name in reports.</param>
    /// <param name="clause">The clause of section 12.</param>
    /// <param name="why">The reason, in one sentence.</param>
    /// <param name="names">The case, and the names as in the normal form.</param>
    public static DeliberateDifference Named(string id, string clause, string why, params (string Case, string Names)[] names)
    {
        Dictionary<string, string> byCase = names.ToDictionary(found => found.Case.Split('#')[0], found => found.Names);
        return Of(
            id, clause, why, (expected, step) => SetNames(step, JsonNode.Parse(byCase[expected.Name])!.AsArray()),
            [.. names.Select(found => found.Case)]);
    }

    /// <summary>Puts another case's granted request in place of a step.</summary>
    public static void Grant(ExpectedCase expected, ExpectedStep step, JsonObject model)
    {
        JsonNode granted = model["steps"]!.AsArray().Last(found => found!["outcome"]?["return"]?["CertificateInfo"] is not null)!;
        foreach (string part in (string[])["outcome", "db", "s3", "sns"])
        {
            step.Form[part] = granted[part]!.DeepClone();
        }

        expected.Certificates.Add(step.IssuedLabel!, model["certificates"]![step.IssuedLabel!]!.DeepClone());
    }

    /// <summary>Replaces the alternative names of the certificate that a step issued.</summary>
    public static void SetNames(ExpectedStep step, JsonArray names)
    {
        JsonObject? extension = step.Extension("subjectAltName");
        if (extension is null)
        {
            extension = new JsonObject { ["oid"] = "2.5.29.17", ["name"] = "subjectAltName", ["critical"] = false };
            step.Issued!["extensions"]!.AsArray().Add(extension);
        }

        extension["value"] = names;
        if (names.Count == 0)
        {
            extension.Parent!.AsArray().Remove(extension);
        }
    }

    private static bool Changes(ExpectedCase expected, int? number, Action<ExpectedCase, ExpectedStep> change)
    {
        string before = expected.Form.ToJsonString();
        change(expected, StepOf(expected, number));
        return expected.Form.ToJsonString() != before;
    }

    private static ExpectedStep StepOf(ExpectedCase expected, int? number) =>
        expected.Steps.Last(step => number is null ? step.Form["outcome"] is not null : step.Form["step"]!.GetValue<int>() == number);
}
