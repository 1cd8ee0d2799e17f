using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Inventory;

/// <summary>Which certificates of the inventory are shown; what is not set takes all. Immutable.</summary>
public sealed record InventoryFilter
{
    /// <summary>A part of the common name, whatever the case.</summary>
    public string? Name { get; init; }

    /// <summary>A part of one of the subject alternative names, as <c>show</c> writes them (<c>DNS_NAME www.example.com</c>),
    /// whatever the case. Only the certificate has them, so that each row's is read.</summary>
    public string? AlternativeName { get; init; }

    /// <summary>Expired ones; with <see cref="Revoked"/> both, with neither all.</summary>
    public bool Expired { get; init; }

    /// <summary>Revoked ones; with <see cref="Expired"/> both, with neither all.</summary>
    public bool Revoked { get; init; }

    /// <summary>The first day of expiry, UTC.</summary>
    public DateOnly? ExpiresFrom { get; init; }

    /// <summary>The last day of expiry, UTC.</summary>
    public DateOnly? ExpiresUntil { get; init; }

    /// <summary>Whether a certificate is shown.</summary>
    /// <param name="record">Its row.</param>
    /// <param name="now">UTC: tells what is expired.</param>
    public bool Takes(CertificateRecord record, DateTimeOffset now) =>
        (Name is null || record.CommonName.Contains(Name, StringComparison.OrdinalIgnoreCase))
        && ((!Expired && !Revoked) || (Expired && now > record.Expires) || (Revoked && record.Revoked is not null))
        && record.ExpiresWithin(ExpiresFrom ?? DateOnly.MinValue, ExpiresUntil ?? DateOnly.MaxValue)
        && (AlternativeName is null || AlternativeNamesOf(record).Any(name => name.Contains(AlternativeName, StringComparison.OrdinalIgnoreCase)));

    // A certificate that cannot be read has no names to compare.
    private static IReadOnlyList<string> AlternativeNamesOf(CertificateRecord record)
    {
        try
        {
            return record.Certificate?.Find(ExtensionOids.SubjectAlternativeName) is { } names
                ? GeneralNames.Read(new AsnReader(names.Value, AsnEncodingRules.DER).ReadSequence())
                : [];
        }
        catch (AsnContentException)
        {
            return [];
        }
    }
}
