using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Revocation;

/// <summary>Everything that a CRL will say. Immutable.</summary>
/// <param name="Issuer">The CA's certificate: gives the issuer's name and the authority key identifier (SPEC 12.9).</param>
/// <param name="Number">The CRL number, from 1, always growing (RFC 5280 §5.2.3).</param>
/// <param name="ThisUpdate">UTC; fractions of a second are cut.</param>
/// <param name="NextUpdate">UTC, after <paramref name="ThisUpdate"/>; fractions of a second are cut.</param>
/// <param name="Entries">In any order; a serial number that stands twice counts once, with its earliest date.</param>
public sealed record CrlTemplate(
    Certificate Issuer, long Number, DateTimeOffset ThisUpdate, DateTimeOffset NextUpdate, IReadOnlyList<CrlEntry> Entries);
