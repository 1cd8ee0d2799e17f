using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Inventory;

/// <summary>What a certificate itself says, without what a CA remembers of it. Immutable.</summary>
/// <param name="SerialNumber">The serial number.</param>
/// <param name="Subject">As RFC 4514 writes it.</param>
/// <param name="Issuer">As RFC 4514 writes it.</param>
/// <param name="NotBefore">UTC.</param>
/// <param name="NotAfter">UTC, the last second.</param>
/// <param name="Key">The subject's key; null when it is of a kind that this version does not accept.</param>
/// <param name="Extensions">In the order in which they stand.</param>
/// <param name="Sha256">The fingerprint that programs compare today, octets in hexadecimal with colons.</param>
/// <param name="Sha1">The fingerprint that older programs show, in the same form.</param>
public sealed record CertificateFacts(
    SerialNumber SerialNumber,
    string Subject,
    string Issuer,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    PublicKey? Key,
    IReadOnlyList<ExtensionFacts> Extensions,
    string Sha256,
    string Sha1)
{
    /// <summary>The serial number's octets in hexadecimal with colons, as openssl shows it.</summary>
    public string SerialNumberHex => Hex(SerialNumber.Value.ToByteArray(isUnsigned: true, isBigEndian: true));

    /// <summary>Reads them.</summary>
    public static CertificateFacts Of(Certificate certificate) => new(
        certificate.SerialNumber,
        GeneralNames.Name(certificate.SubjectDer),
        GeneralNames.Name(certificate.IssuerDer),
        certificate.NotBefore,
        certificate.NotAfter,
        certificate.PublicKey,
        [.. certificate.Extensions.Select(extension => ExtensionFacts.Of(certificate, extension))],
        Hex(SHA256.HashData(certificate.Der.Span)),
        Hex(Sha1Of(certificate)));

    private static string Hex(byte[] octets) => string.Join(':', octets.Select(octet => octet.ToString("X2", CultureInfo.InvariantCulture)));

    [SuppressMessage("Security", "CA5350", Justification = "A fingerprint to compare with what other programs show, not a protection.")]
    private static byte[] Sha1Of(Certificate certificate) => SHA1.HashData(certificate.Der.Span);
}
