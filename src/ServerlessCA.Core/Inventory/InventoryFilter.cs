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
    /// <see cref="Expired"/>, <see cref="Revoked"/> and <see cref="Authorities"/> those that are set are shown together; with none of
    /// them all are.</summary>
    public bool Valid { get; init; }

    /// <summary>Says whether expired certificates are shown.</summary>
    public bool Expired { get; init; }

    /// <summary>Says whether revoked certificates are shown.</summary>
    public bool Revoked { get; init; }

    /// <summary>Says whether valid certificates of CAs are shown.</summary>
    public bool Authorities { get; init; }

    /// <summary>Gets the earliest end of validity, UTC, included.</summary>
    public DateTimeOffset? ExpiresFrom { get; init; }

    /// <summary>Gets the latest end of validity, UTC, included.</summary>
    public DateTimeOffset? ExpiresUntil { get; init; }

    /// <summary>Says whether a certificate is shown.</summary>
    /// <param name="record">The certificate's row.</param>
    /// <param name="now">The current time, UTC: decides what is expired.</param>
    public bool Takes(CertificateRecord record, DateTimeOffset now) =>
        CertificateLine.Of(record) is var line && TakesLine(line, now) && (!NeedsCertificate(line) || TakesCertificate(line, record.Certificate));

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

    /// <summary>Says whether the certificate of a line passes what the line does not decide. One that cannot be read (null) passes
    /// nothing.</summary>
    internal bool TakesCertificate(CertificateLine line, Certificate? certificate) =>
        certificate is not null
        && (UsageOid is null || certificate.ExtendedKeyUsages.Contains(UsageOid))
        && (IssuerKeyIds is null || line.IssuerKeyId is not null || (SearchKeys.IssuerKeyIdOf(certificate) is { } id && IssuerKeyIds.Contains(id)))
        && (AlternativeName is null || SearchKeys.AlternativeNamesOf(certificate).Any(name => WildcardText.Matches(AlternativeName, name)));

    /// <summary>Returns the range of expiries outside of which nothing passes; null: there is none.</summary>
    internal (DateTimeOffset From, DateTimeOffset Until)? Range(DateTimeOffset now)
    {
        DateTimeOffset? from = Latest(ExpiresFrom, (Valid || Authorities) && !Expired && !Revoked ? now : null);
        DateTimeOffset? until = Earliest(ExpiresUntil, Expired && !Valid && !Authorities && !Revoked ? now : null);
        return from is null && until is null ? null : (from ?? DateTimeOffset.MinValue, until ?? DateTimeOffset.MaxValue);
    }

    private bool TakesStatus(CertificateLine line, DateTimeOffset now) =>
        (!Valid && !Expired && !Revoked && !Authorities)
        || (line.Revoked is null && now <= line.Expires && (Valid || (Authorities && line.IsCa)))
        || (Expired && now > line.Expires)
        || (Revoked && line.Revoked is not null);

    private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) => one > other || other is null ? one : other;

    private static DateTimeOffset? Earliest(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;
}
