using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Inventory;

/// <summary>Says which certificates of the inventory are shown; a property that is not set lets all pass. All but
/// <see cref="AlternativeName"/>, <see cref="UsageOid"/> and, for some rows, <see cref="IssuerKeyIds"/> need no certificate.
/// Immutable.</summary>
public sealed record InventoryFilter
{
    /// <summary>Gets a part of the common name, in any case.</summary>
    public string? Name { get; init; }

    /// <summary>Gets a subject alternative name of any type, whole and in any case; each <c>*</c> stands for any characters, so
    /// that <c>*.example.com</c> finds <c>www.example.com</c> and the wildcard name itself.</summary>
    public string? AlternativeName { get; init; }

    /// <summary>Gets the OID of an extended key usage that the certificate must have.</summary>
    public string? UsageOid { get; init; }

    /// <summary>Gets the key identifiers, hex, of CA keys; one of them must have signed.</summary>
    public IReadOnlySet<string>? IssuerKeyIds { get; init; }

    /// <summary>Gets how the certificate must have been requested.</summary>
    public IssueSource? Source { get; init; }

    /// <summary>Says whether valid certificates are shown: neither expired nor revoked. Of <see cref="Valid"/>,
    /// <see cref="Expired"/> and <see cref="Revoked"/> those that are set are shown together; with none of them all are.</summary>
    public bool Valid { get; init; }

    /// <summary>Says whether expired certificates are shown.</summary>
    public bool Expired { get; init; }

    /// <summary>Says whether revoked certificates are shown.</summary>
    public bool Revoked { get; init; }

    /// <summary>Gets the earliest end of validity, UTC, included.</summary>
    public DateTimeOffset? ExpiresFrom { get; init; }

    /// <summary>Gets the latest end of validity, UTC, included.</summary>
    public DateTimeOffset? ExpiresUntil { get; init; }

    /// <summary>Says whether a certificate is shown.</summary>
    /// <param name="record">The certificate's row.</param>
    /// <param name="now">The current time, UTC: decides what is expired.</param>
    public bool Takes(CertificateRecord record, DateTimeOffset now) =>
        CertificateLine.Of(record) is var line && TakesLine(line, now) && (!NeedsCertificate(line) || TakesCertificate(record.Certificate));

    /// <summary>Says whether a line passes all that can be decided without its certificate.</summary>
    internal bool TakesLine(CertificateLine line, DateTimeOffset now) =>
        (Name is null || line.CommonName.Contains(Name, StringComparison.OrdinalIgnoreCase))
        && TakesStatus(line, now)
        && (ExpiresFrom is not { } from || line.Expires >= from)
        && (ExpiresUntil is not { } until || line.Expires <= until)
        && (Source is null || line.Source == Source)
        && (IssuerKeyIds is null || line.IssuerKeyId is null || IssuerKeyIds.Contains(line.IssuerKeyId));

    /// <summary>Says whether the certificate of a line that passes must be read.</summary>
    internal bool NeedsCertificate(CertificateLine line) =>
        AlternativeName is not null || UsageOid is not null || (IssuerKeyIds is not null && line.IssuerKeyId is null);

    /// <summary>Says whether a certificate passes what its line does not decide. One that cannot be read (null) passes
    /// nothing.</summary>
    internal bool TakesCertificate(Certificate? certificate) =>
        certificate is not null
        && (UsageOid is null || certificate.ExtendedKeyUsages.Contains(UsageOid))
        && (IssuerKeyIds is null || (KeyIdOf(certificate) is { } id && IssuerKeyIds.Contains(id)))
        && (AlternativeName is null || (certificate.AlternativeNames ?? []).Any(name => WildcardText.Matches(AlternativeName, name.Value)));

    /// <summary>Returns the range of expiries outside of which nothing passes; null: there is none.</summary>
    internal (DateTimeOffset From, DateTimeOffset Until)? Range(DateTimeOffset now)
    {
        DateTimeOffset? from = Latest(ExpiresFrom, Valid && !Expired && !Revoked ? now : null);
        DateTimeOffset? until = Earliest(ExpiresUntil, Expired && !Valid && !Revoked ? now : null);
        return from is null && until is null ? null : (from ?? DateTimeOffset.MinValue, until ?? DateTimeOffset.MaxValue);
    }

    private bool TakesStatus(CertificateLine line, DateTimeOffset now) =>
        (!Valid && !Expired && !Revoked)
        || (Valid && line.Revoked is null && now <= line.Expires)
        || (Expired && now > line.Expires)
        || (Revoked && line.Revoked is not null);

    // A root names no key but its own, or none at all.
    private static string? KeyIdOf(Certificate certificate) => certificate.AuthorityKeyId
        ?? (certificate.SubjectKeyIdentifier is { } own && certificate.IssuerDer.Span.SequenceEqual(certificate.SubjectDer.Span) ? Convert.ToHexStringLower(own.Span) : null);

    private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) => one > other || other is null ? one : other;

    private static DateTimeOffset? Earliest(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;
}

/// <summary>Compares texts with a pattern in which each <c>*</c> stands for any characters, also none.</summary>
public static class WildcardText
{
    /// <summary>Says whether a whole text has the form of a pattern, in any case. The time is at most the product of both
    /// lengths.</summary>
    /// <param name="pattern">Characters that stand for themselves, and stars.</param>
    /// <param name="text">The text to compare.</param>
    public static bool Matches(string pattern, string text)
    {
        int at = 0;
        int inPattern = 0;
        int star = -1;
        int resumeAt = 0;
        while (at < text.Length)
        {
            if (inPattern < pattern.Length && pattern[inPattern] == '*')
            {
                star = inPattern++;
                resumeAt = at;
            }
            else if (inPattern < pattern.Length && char.ToLowerInvariant(pattern[inPattern]) == char.ToLowerInvariant(text[at]))
            {
                inPattern++;
                at++;
            }
            else if (star >= 0)
            {
                inPattern = star + 1;
                at = ++resumeAt; // the last star takes one character more
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(inPattern).TrimStart('*').IsEmpty;
    }
}
