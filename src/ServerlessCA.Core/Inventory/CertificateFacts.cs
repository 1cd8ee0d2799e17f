using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Inventory;

/// <summary>Holds what a certificate itself says, without what a CA remembers of it. Immutable.</summary>
/// <param name="SerialNumber">As it stands in the certificate.</param>
/// <param name="Subject">As RFC 4514 writes it.</param>
/// <param name="Issuer">As RFC 4514 writes it.</param>
/// <param name="NotBefore">Start of validity, UTC.</param>
/// <param name="NotAfter">End of validity, UTC, the last second.</param>
/// <param name="Key">Null when it is of a kind that this version does not accept.</param>
/// <param name="Extensions">In the order in which they stand.</param>
/// <param name="Sha256">The fingerprint that programs compare today: octets in hexadecimal with colons.</param>
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
    /// <summary>Gets the octets of the serial number in hexadecimal with colons, as openssl shows it.</summary>
    public string SerialNumberHex => Hex(SerialNumber.Value.ToByteArray(isUnsigned: true, isBigEndian: true));

    /// <summary>Gets the kind and size of the key in words.</summary>
    public string KeyText
    {
        get => field ?? KeyKind.TextOf(Key);
        init;
    }

    /// <summary>Reads the facts from a certificate.</summary>
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

/// <summary>Holds what an extension says, for people: its name and its values. Immutable.</summary>
/// <param name="Name">The extension's name; the OID where it has none.</param>
/// <param name="Oid">In dotted form.</param>
/// <param name="Critical">As RFC 5280 §4.2 means it.</param>
/// <param name="Values">At least one line.</param>
public sealed record ExtensionFacts(string Name, string Oid, bool Critical, IReadOnlyList<string> Values)
{
    /// <summary>Reads any extension; what cannot be read is shown in hexadecimal.</summary>
    public static ExtensionFacts Of(Certificate certificate, CertificateExtension extension)
    {
        try
        {
            (string name, IReadOnlyList<string> values) = Read(certificate, extension);
            return new ExtensionFacts(name, extension.Oid, extension.Critical, values);
        }
        catch (AsnContentException)
        {
            return new ExtensionFacts(extension.Oid, extension.Oid, extension.Critical, [Hex(extension.Value.Span)]);
        }
    }

    private static (string Name, IReadOnlyList<string> Values) Read(Certificate certificate, CertificateExtension extension)
    {
        AsnReader value = new(extension.Value, AsnEncodingRules.DER);
        return extension.Oid switch
        {
            ExtensionOids.KeyUsage => ("Key usage", [KeyUsageNames(certificate.KeyUsage ?? KeyUsages.None)]),
            ExtensionOids.ExtendedKeyUsage => ("Extended key usage", [.. certificate.ExtendedKeyUsages.Select(UsageName)]),
            ExtensionOids.BasicConstraints => ("Basic constraints", [Constraints(certificate)]),
            ExtensionOids.SubjectAlternativeName => ("Alternative names", GeneralNames.Read(value.ReadSequence())),
            ExtensionOids.SubjectKeyIdentifier => ("Subject key id", [Hex(value.ReadOctetString())]),
            ExtensionOids.AuthorityKeyIdentifier => ("Authority key id", [Hex(certificate.AuthorityKeyIdentifier.GetValueOrDefault().Span)]),
            ExtensionOids.CertificatePolicies => ("Policies", [.. Each(value, policy => policy.ReadSequence().ReadObjectIdentifier())]),
            ExtensionOids.NameConstraints => ("Name constraints", NameConstraints.Decode(extension.Value).Lines),
            ExtensionOids.CrlDistributionPoints => ("CRL", [.. DistributionPoint.ReadAll(extension.Value).Select(Text)]),
            ExtensionOids.AuthorityInformationAccess => ("CA certificate", [.. AccessDescription.ReadAll(extension.Value).Select(Text)]),
            _ => ("Extension " + extension.Oid, [Hex(extension.Value.Span)]),
        };
    }

    // Spells them as RFC 5280 §4.2.1.3 does.
    private static string KeyUsageNames(KeyUsages usages)
    {
        IEnumerable<string> names = usages.ToString().Split(", ").Select(name => char.ToLowerInvariant(name[0]) + name[1..]);
        return string.Join(", ", names).Replace("crlSign", "cRLSign", StringComparison.Ordinal);
    }

    private static string Constraints(Certificate certificate) => !certificate.IsCa ? "not a CA"
        : certificate.PathLength is { } length ? $"CA, path length {length}" : "CA";

    private static string UsageName(string oid) =>
        ExtendedKeyUsage.Names.FirstOrDefault(name => ExtendedKeyUsage.OfName(name) == oid) is { } name ? $"{name} ({oid})" : oid;

    private static string Text(DistributionPoint point) => point.FullName is { } names ? string.Join(", ", names) : Hex(point.Der.Span);

    private static string Text(AccessDescription description) => description.MethodOid == ExtensionOids.CaIssuers
        ? description.Location
        : $"{description.MethodOid}: {description.Location}";

    private static IEnumerable<string> Each(AsnReader value, Func<AsnReader, string> read)
    {
        AsnReader list = value.ReadSequence();
        while (list.HasData)
        {
            yield return read(list);
        }
    }

    private static string Hex(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(octets);
}
