using System.Globalization;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Decides about a request by facts alone. The order is the contract's: key reuse, then rules beyond the contract,
/// lifetime and extensions, the CAs themselves, name constraints, sizes, and last the lints that refuse. The caller's policy comes before all
/// of them: what a caller may not ask for, it does not learn about either.</summary>
internal static class IssueRules
{
    private const string TooLargeForSome =
        "the certificate has more than 16 KiB: some TLS programs refuse it; ask for fewer names or smaller extensions";

    /// <summary>Decides everything but who is notified.</summary>
    public static IssueDecision Decide(IssueFacts facts, CaSettings settings)
    {
        // A weak key that has its certificate is not announced every night, and its check costs no time.
        var key = KeyDecision.Of(facts);
        Rejection? why = key.Why ?? KeyDecision.WhyWeak(facts.Requested) ?? RequestRules.WhyNot(facts.Request, settings)
            ?? WhyNot(facts.Cas.Issuing, facts.Now) ?? WhyNot(facts.Cas.Root, facts.Now)
            ?? NameConstraintRules.WhyNot(facts.Requested, facts.Cas.Issuing.Certificate);
        return why is null ? Issue(facts, key, settings) : IssueDecision.Of(facts.Requested, why);
    }

    /// <summary>Says why the policy of the caller refuses a request whose subject is known; null when it allows it, or there is
    /// none.</summary>
    public static Rejection? WhyNotByPolicy(RequestedContents requested, CaSettings settings) =>
        requested.Request.Rights.Policy?.WhyNot(PolicyFacts.Of(requested, settings));

    /// <summary>Says why the policy of the caller refuses the finished certificate; null when it allows it, or there is none.</summary>
    public static Rejection? WhyNotByPolicy(RequestedContents requested, Certificate certificate) =>
        requested.Request.Rights.Policy?.WhyNot(PolicyFacts.Of(certificate));

    /// <summary>Says why the policy of the caller refuses to answer a certificate that exists: it was issued to somebody else, or before
    /// the policy or the CA's settings changed. Null when it allows it, or there is none.</summary>
    public static Rejection? WhyNotByPolicy(RequestedContents requested, CertificateRecord record) =>
        record.Certificate is { } certificate ? WhyNotByPolicy(requested, certificate) : null;

    /// <summary>Returns the warnings of the answer for a certificate that exists.</summary>
    public static IReadOnlyList<string> WarningsOf(RequestedContents requested, CertificateRecord record) =>
        Warnings(requested, null, record.Certificate?.Der.Length > CertificateSize.LargeOctets, []);

    private static IssueDecision Issue(IssueFacts facts, KeyDecision key, CaSettings settings)
    {
        RequestedContents requested = facts.Requested;
        var subject = new RequestedSubject(requested.Subject!, requested.Csr!.PublicKey);
        CertificateTemplate template = EndEntityCertificate.Template(
            SerialNumber.Largest, facts.Cas.Issuing.Certificate, facts.Request, subject, settings, facts.Now);
        var planned = new PlannedCertificate(requested, template, facts.Cas.Issuing.Certificate, facts.Cas.Root.Certificate);
        if (SizeRules.WhyNot(planned) is { } tooLarge)
        {
            return new IssueDecision.Refuse(requested, tooLarge);
        }

        IReadOnlyList<PreIssuanceFinding> findings = PreIssuanceLints.Run(planned, settings.Lints);
        var issue = new IssueDecision.Issue(requested)
        {
            Template = template,
            Issuing = facts.Cas.Issuing,
            Root = facts.Cas.Root,
            Findings = findings,
            Warnings = Warnings(requested, key.Warning, planned.Octets > CertificateSize.LargeOctets, findings),
            AllowsUsedKey = facts.IsForced,
            TakesOverFrom = key.TakeOverFrom,
            OnceId = facts.IsForced ? IssueFacts.OnceIdOf(requested) : null,
        };
        return (SizeRules.WhyNot(issue, planned) ?? WhyNot(findings, settings.Lints)) is { } why ? new IssueDecision.Refuse(requested, why) : issue;
    }

    private static Rejection? WhyNot(CertificateAuthority authority, DateTimeOffset now) => authority.WhyNotUsable(now) is not { } why ? null
        : new Rejection(now < authority.Certificate.NotBefore ? RejectionCode.CaNotValidYet : RejectionCode.CaNotUsable, null, why);

    private static Rejection? WhyNot(IReadOnlyList<PreIssuanceFinding> findings, LintPolicy policy)
    {
        if (findings.Count == 0)
        {
            return null;
        }

        string[] refusing = [.. findings.Where(finding => policy.Refuses(finding.Lint)).Select(finding => finding.RefusalText)];
        return refusing.Length == 0 ? null : new Rejection(RejectionCode.LintRefused, null, string.Join("; ", refusing));
    }

    // People should know what was left out of the certificate, that it is large, and what the lints find.
    private static IReadOnlyList<string> Warnings(
        RequestedContents requested, string? ofKey, bool isLarge, IReadOnlyList<PreIssuanceFinding> findings)
    {
        string?[] ofWhole = ofKey is null && !isLarge ? [] : [ofKey, isLarge ? TooLargeForSome : null];
        IEnumerable<string> ofLints = findings.Count == 0 ? [] : findings.Where(finding => finding.IsWarning).Select(finding => finding.WarningText);
        return requested.Warnings.Behind(ofWhole.OfType<string>()).With(ofLints).Texts;
    }
}

/// <summary>Holds all facts that decide about a request whose CSR and subject are good. Immutable.</summary>
/// <param name="Requested">The request with its CSR and subject.</param>
/// <param name="Cas">The CAs, those of before included.</param>
/// <param name="Reuse">What the key was used for.</param>
/// <param name="Now">The current time, UTC.</param>
internal sealed record IssueFacts(RequestedContents Requested, Hierarchy Cas, KeyReuse Reuse, DateTimeOffset Now)
{
    /// <summary>Gets the request.</summary>
    public CertificateRequest Request => Requested.Request;

    /// <summary>Says whether the request is an entry of a GitOps folder.</summary>
    public bool IsEntry => Request.CsrFile is not null;

    /// <summary>Says whether its forced issue has happened: from then on it is an entry like any other.</summary>
    public bool WasForced { get; init; }

    /// <summary>Says whether a key that was used before is allowed.</summary>
    public bool IsForced => Request.ForceIssue && !WasForced;

    /// <summary>Returns the id under which a forced GitOps issue happens once, for an entry and the content of its CSR (contract
    /// 12.19); null: the request is no forced GitOps issue.</summary>
    public static string? OnceIdOf(RequestedContents requested) =>
        requested.Request is { ForceIssue: true, CsrFile: not null } ? $"forced-{requested.Hash}" : null;
}

/// <summary>Checks sizes before anything is signed (contract 12.26), so that a caller who asks for too much is refused while the
/// key is still unused.</summary>
internal static class SizeRules
{
    private const int MaxShortWarnings = 100_000; // characters

    /// <summary>Says why a certificate would be too large; null when it is not, or nothing can be signed.</summary>
    public static Rejection? WhyNot(PlannedCertificate planned) =>
        planned.Octets is > CertificateSize.MaxOctets and int octets ? TooLarge("Certificate", octets, CertificateSize.MaxOctets) : null;

    /// <summary>Says why the answer with a certificate would be too large; null when it is not, or nothing can be signed. The answer
    /// repeats what the lints found.</summary>
    /// <param name="issue">The decision to check.</param>
    /// <param name="planned">Its certificate.</param>
    public static Rejection? WhyNot(IssueDecision.Issue issue, PlannedCertificate planned) =>
        planned.Octets is { } octets && MayBeTooLarge(issue, octets) && AnswerBytes(issue, octets) is > OperationResult.MaxBytes and int bytes
            ? TooLarge("Answer", bytes, OperationResult.MaxBytes)
            : null;

    // Otherwise the certificate, its subject, the warnings and the chain, each a few times and in base64 or escaped, make less than 2 MB: such an
    // answer is not built to measure it.
    private static bool MayBeTooLarge(IssueDecision.Issue issue, int octets) =>
        octets > CertificateSize.LargeOctets
        || issue.Issuing.Certificate.Der.Length + issue.Root.Certificate.Der.Length > CertificateSize.MaxOctets
        || issue.Warnings.Sum(warning => warning.Length) > MaxShortWarnings;

    // Builds the answer as it will be, with a certificate of that size.
    private static int AnswerBytes(IssueDecision.Issue issue, int octets)
    {
        var record = new CertificateRecord
        {
            CommonName = issue.Requested.CommonName!,
            SerialNumber = issue.Template.SerialNumber,
            Issued = issue.Template.NotBefore,
            Expires = issue.Template.NotAfter,
            CertificatePem = Pem.Encode(Pem.CertificateLabel, new byte[octets]),
        };
        return IssueAnswer.Issued(record, issue.Requested, issue.Warnings, issue.Issuing, issue.Root).Utf8.Length;
    }

    private static Rejection TooLarge(string what, int bytes, int most) => new(
        RejectionCode.TooLarge, null, string.Create(CultureInfo.InvariantCulture, $"{what} would be too large: {bytes} bytes, {most} at most"));
}
