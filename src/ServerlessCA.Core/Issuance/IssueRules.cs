using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Decides of a request by facts alone. In the contract's order: key reuse, then what the contract does not know,
/// lifetime and extensions, the authority itself, sizes; lints at last.</summary>
internal static class IssueRules
{
    private const string TooLargeForSome =
        "the certificate has more than 16 KiB: some TLS programs refuse it; ask for fewer names or smaller extensions";

    /// <summary>Decides, but for whom to tell.</summary>
    public static IssueDecision Decide(IssueFacts facts, CaSettings settings)
    {
        // A weak key that has its certificate is no news every night, and costs no time.
        var key = KeyDecision.Of(facts);
        Rejection? why = key.Why ?? KeyDecision.WhyWeak(facts.Requested) ?? RequestRules.WhyNot(facts.Request, settings)
            ?? WhyNot(facts.Cas.Issuing, facts.Now) ?? WhyNot(facts.Cas.Root, facts.Now);
        return why is null ? Issue(facts, key, settings) : IssueDecision.Of(facts.Requested, why);
    }

    /// <summary>What the answer warns of for a certificate that is there.</summary>
    public static IReadOnlyList<string> WarningsOf(RequestedContents requested, CertificateRecord record) =>
        Warnings(requested, null, record.Certificate?.Der.Length > CertificateSize.LargeOctets, []);

    private static IssueDecision Issue(IssueFacts facts, KeyDecision key, CaSettings settings)
    {
        RequestedContents requested = facts.Requested;
        var subject = new RequestedSubject(requested.Subject!, requested.Csr!.PublicKey);
        CertificateTemplate template = EndEntityCertificate.Template(
            SerialNumber.Largest, facts.Cas.Issuing.Certificate, facts.Request, subject, settings, facts.Now);
        int? octets = SizeRules.OctetsOf(template, facts.Cas.Issuing);
        IReadOnlyList<PreIssuanceFinding> findings = PreIssuanceLints.Run(
            new PlannedCertificate(requested, template, facts.Cas.Issuing.Certificate, facts.Cas.Root.Certificate), settings.Lints);
        var issue = new IssueDecision.Issue(requested)
        {
            Template = template,
            Issuing = facts.Cas.Issuing,
            Root = facts.Cas.Root,
            Findings = findings,
            Warnings = Warnings(requested, key.Warning, octets > CertificateSize.LargeOctets, findings),
            AllowsUsedKey = facts.IsForced,
            TakesOverFrom = key.TakeOverFrom,
            OnceId = facts.IsForced ? IssueFacts.OnceIdOf(requested) : null,
        };
        return (SizeRules.WhyNot(issue, octets) ?? WhyNot(findings, settings.Lints)) is { } why ? new IssueDecision.Refuse(requested, why) : issue;
    }

    private static Rejection? WhyNot(CertificateAuthority authority, DateTimeOffset now) => authority.WhyNotUsable(now) is not { } why ? null
        : new Rejection(now < authority.Certificate.NotBefore ? RejectionCode.CaNotValidYet : RejectionCode.CaNotUsable, null, why);

    private static Rejection? WhyNot(IReadOnlyList<PreIssuanceFinding> findings, LintPolicy policy)
    {
        string[] refusing = [.. findings.Where(finding => policy.Refuses(finding.Lint)).Select(finding => finding.RefusalText)];
        return refusing.Length == 0 ? null : new Rejection(RejectionCode.LintRefused, null, string.Join("; ", refusing));
    }

    // What people are to know of the certificate: that it is large, what was left out of it, what lints say.
    private static IReadOnlyList<string> Warnings(
        RequestedContents requested, string? ofKey, bool isLarge, IReadOnlyList<PreIssuanceFinding> findings) => requested.Warnings
        .Behind(((string?[])[ofKey, isLarge ? TooLargeForSome : null]).OfType<string>())
        .With(findings.Where(finding => finding.IsWarning).Select(finding => finding.WarningText)).Texts;
}
