using System.Globalization;
using System.Numerics;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Names something that two certificates say differently, for people. Immutable.</summary>
/// <param name="What">What differs, such as <c>Alternative names</c>.</param>
/// <param name="Before">What the certificate says that is there; nothing when it says nothing of it.</param>
/// <param name="After">What the other one would say.</param>
/// <param name="Cause">Why they differ.</param>
public sealed record CertificateDifference(string What, IReadOnlyList<string> Before, IReadOnlyList<string> After, DifferenceCause Cause)
{
    /// <summary>Names the subject's key as what differs.</summary>
    public const string Key = "Key";

    /// <summary>Returns it in a line: what goes and what comes of a list, else both values.</summary>
    public override string ToString()
    {
        string[] gone = [.. Before.Except(After, StringComparer.OrdinalIgnoreCase)];
        string[] come = [.. After.Except(Before, StringComparer.OrdinalIgnoreCase)];
        string change = (gone, come) switch
        {
            ([var from], [var to]) => $"'{from}' would be '{to}'",
            ([], []) => "the case of its letters",
            _ => string.Join(", ", gone.Select(text => $"'{text}' would go").Concat(come.Select(text => $"'{text}' would come"))),
        };
        return $"{What}: {change}";
    }
}

/// <summary>Says why a certificate that is there differs from what its entry would give now.</summary>
public enum DifferenceCause
{
    /// <summary>The entry or its CSR says something else.</summary>
    Entry,

    /// <summary>The CA has other settings, another certificate or another version: nobody has edited the entry.</summary>
    Ca,
}

/// <summary>Compares a certificate that was issued with what would be issued now. Serial numbers, times and signatures
/// differ always and are not compared, lifetimes are: in days.</summary>
internal static class CertificateComparison
{
    private static readonly string[] KeyIdentifiers = [ExtensionOids.SubjectKeyIdentifier, ExtensionOids.AuthorityKeyIdentifier];

    private static readonly string[] OfRequest = [ExtensionOids.ExtendedKeyUsage, ExtensionOids.SubjectAlternativeName];

    private static readonly string[] OfCa =
    [
        ExtensionOids.KeyUsage, ExtensionOids.BasicConstraints, ExtensionOids.CertificatePolicies,
        ExtensionOids.CrlDistributionPoints, ExtensionOids.AuthorityInformationAccess,
    ];

    /// <summary>Lists what differs, what the entry says first.</summary>
    /// <param name="issued">The certificate that is there.</param>
    /// <param name="now">What would be issued.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="cas">The CAs, as often as they were made.</param>
    public static IReadOnlyList<CertificateDifference> Between(Certificate issued, Certificate now, CertificateRequest request, Hierarchy cas)
    {
        var differences = new List<CertificateDifference>();
        Add(differences, "Subject", [GeneralNames.Name(issued.SubjectDer)], [GeneralNames.Name(now.SubjectDer)], DifferenceCause.Entry);
        Add(differences, CertificateDifference.Key, [KeyText(issued)], [KeyText(now)], DifferenceCause.Entry);
        AddLifetime(differences, issued, now, request, cas);
        foreach (string oid in OfRequest.Concat(Custom(issued, now)))
        {
            AddExtension(differences, issued, now, oid, DifferenceCause.Entry);
        }

        Add(differences, "Issuer", [GeneralNames.Name(issued.IssuerDer)], [GeneralNames.Name(now.IssuerDer)], DifferenceCause.Ca);
        Add(differences, "CA's key", [KeyOf(issued)], [KeyOf(now)], DifferenceCause.Ca);
        foreach (string oid in OfCa)
        {
            AddExtension(differences, issued, now, oid, DifferenceCause.Ca);
        }

        return differences;
    }

    private static void AddLifetime(
        List<CertificateDifference> differences, Certificate issued, Certificate now, CertificateRequest request, Hierarchy cas)
    {
        BigInteger wanted = request.Lifetime ?? CertificateRequest.DefaultLifetime;
        (int before, int after) = (DaysOf(issued), DaysOf(now));
        bool isCutNow = after < before && wanted >= before;
        bool wasCutByIssuer = before < after && cas.Issuers.All.Any(issuer => issuer.Certificate.NotAfter == issued.NotAfter);
        Add(differences, "Lifetime", [Days(before)], [Days(after)], isCutNow || wasCutByIssuer ? DifferenceCause.Ca : DifferenceCause.Entry);
    }

    // The five minutes that a certificate begins before its issue (contract 12.28) are no day.
    private static int DaysOf(Certificate certificate) => (int)Math.Floor((certificate.NotAfter - certificate.NotBefore).TotalDays);

    private static string Days(int days) => string.Create(CultureInfo.InvariantCulture, $"{days} {(days == 1 ? "day" : "days")}");

    private static void AddExtension(
        List<CertificateDifference> differences, Certificate issued, Certificate now, string oid, DifferenceCause cause)
    {
        (CertificateExtension? before, CertificateExtension? after) = (issued.Find(oid), now.Find(oid));
        if (before is null && after is null)
        {
            return;
        }

        ExtensionFacts? old = before is null ? null : ExtensionFacts.Of(issued, before);
        ExtensionFacts? coming = after is null ? null : ExtensionFacts.Of(now, after);
        bool isNames = oid == ExtensionOids.SubjectAlternativeName; // programs compare them whatever the case
        Add(differences, (coming ?? old)!.Name, TextsOf(old), TextsOf(coming), cause, isNames ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    }

    private static string[] TextsOf(ExtensionFacts? facts) => facts is null ? []
        : facts.Critical && facts.Oid != ExtensionOids.KeyUsage ? [.. facts.Values, "critical"]
        : [.. facts.Values];

    private static IEnumerable<string> Custom(Certificate issued, Certificate now) => issued.Extensions.Concat(now.Extensions)
        .Select(extension => extension.Oid).Distinct(StringComparer.Ordinal).Except(OfRequest).Except(OfCa).Except(KeyIdentifiers);

    // The order of names and usages says nothing.
    private static void Add(
        List<CertificateDifference> differences, string what, IReadOnlyList<string> before, IReadOnlyList<string> after, DifferenceCause cause,
        StringComparer? comparer = null)
    {
        if (!before.ToHashSet(comparer ?? StringComparer.Ordinal).SetEquals(after))
        {
            differences.Add(new CertificateDifference(what, before, after, cause));
        }
    }

    private static string KeyText(Certificate certificate) =>
        $"{(certificate.PublicKey is { } key ? KeyKind.TextOf(key) : "of a kind that is not accepted any more")}, SHA-256 {KeyHashText(certificate)}";

    private static string KeyHashText(Certificate certificate) => KeyHash.Of(certificate.SubjectPublicKeyInfo.Span).ToString();

    private static string KeyOf(Certificate certificate) =>
        certificate.AuthorityKeyIdentifier is { } id ? Convert.ToHexStringLower(id.Span) : "not named";
}

/// <summary>Says what has become of an entry since its certificate was issued. A run does nothing about it: a certificate stays as
/// it was issued until a new CSR with a new key, or <c>force_issue</c>, asks for another one. Immutable.</summary>
/// <param name="Differences">What an issue now would give otherwise.</param>
/// <param name="Certificate">What it would give, unsigned; null when nothing would be issued.</param>
/// <param name="Refusal">Why the entry would be refused as it stands now; null when it would not.</param>
public sealed record EntryChange(IReadOnlyList<CertificateDifference> Differences, Certificate? Certificate, Rejection? Refusal)
{
    /// <summary>Gets whether the entry says something else than its certificate.</summary>
    public bool IsChanged => Refusal is not null || Differences.Any(difference => difference.Cause == DifferenceCause.Entry);

    /// <summary>Compares an entry with the certificate that it has; null when nothing can be compared.</summary>
    /// <param name="requested">What the entry asks for; refused by nobody so far.</param>
    /// <param name="issued">The certificate that it has.</param>
    /// <param name="cas">The CAs.</param>
    /// <param name="settings">What the CA gives.</param>
    /// <param name="now">UTC.</param>
    internal static EntryChange? Of(
        RequestedContents requested, Certificate issued, Hierarchy cas, CaSettings settings, DateTimeOffset now)
    {
        if (RequestRules.WhyNot(requested.Request, settings) is { } why)
        {
            return new EntryChange([], null, why);
        }

        CertificateAuthority issuing = cas.Issuing;
        if (requested is not { Subject: { } name, Csr: { } csr } || issuing.WhyNotUsable(now) is not null
            || KeySpecs.Of(issuing.Certificate.PublicKey!) is not { } spec)
        {
            return null;
        }

        CertificateTemplate template = EndEntityCertificate.Template(
            SerialNumber.Largest, issuing.Certificate, requested.Request, new RequestedSubject(name, csr.PublicKey), settings, now);
        Certificate planned = UnsignedCertificate.Of(template, spec);
        return new EntryChange(CertificateComparison.Between(issued, planned, requested.Request, cas), planned, null);
    }
}
