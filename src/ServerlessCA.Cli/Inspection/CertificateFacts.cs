using ServerlessCA.Core.Names;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Inspection;

/// <summary>What a certificate itself says, without what a CA remembers of it.</summary>
internal sealed class CertificateFacts(Certificate certificate)
{
    private readonly ExtensionText[] extensions = [.. certificate.Extensions.Select(extension => ExtensionText.Of(certificate, extension))];

    /// <summary>For people: adds rows from the serial number to the fingerprints.</summary>
    public void AddTo(TextTable table)
    {
        table.Add("Serial number", certificate.SerialNumber.ToString())
            .Add("", SerialNumberHex)
            .Add("Subject", GeneralNames.Name(certificate.SubjectDer))
            .Add("Issuer", GeneralNames.Name(certificate.IssuerDer))
            .Add("Valid from", $"{TableTime.Text(certificate.NotBefore)} UTC")
            .Add("Valid to", $"{TableTime.Text(certificate.NotAfter)} UTC")
            .Add("Key", KeyText(certificate.PublicKey));
        foreach (ExtensionText extension in extensions)
        {
            string label = extension.Name;
            foreach (string value in extension.Values)
            {
                table.Add(label, extension.Critical && label.Length > 0 ? $"{value} (critical)" : value);
                label = "";
            }
        }

        table.Add("SHA-256", Hex(SHA256.HashData(certificate.Der.Span))).Add("SHA-1", Hex(Sha1()));
    }

    /// <summary>For programs: as members of an object.</summary>
    public void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString(nameof(SerialNumberHex), SerialNumberHex);
        writer.WriteString("Subject", GeneralNames.Name(certificate.SubjectDer));
        writer.WriteString("Issuer", GeneralNames.Name(certificate.IssuerDer));
        writer.WriteString("Key", KeyText(certificate.PublicKey));
        writer.WriteStartArray("Extensions");
        foreach (ExtensionText extension in extensions)
        {
            writer.WriteStartObject();
            writer.WriteString("Name", extension.Name);
            writer.WriteString("Oid", extension.Oid);
            writer.WriteBoolean("Critical", extension.Critical);
            JsonText.WriteTexts(writer, "Values", extension.Values);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("Sha256", Hex(SHA256.HashData(certificate.Der.Span)));
        writer.WriteString("Sha1", Hex(Sha1()));
    }

    /// <summary>A key in words.</summary>
    public static string KeyText(PublicKey? key) => key switch
    {
        { Algorithm: PublicKeyAlgorithm.Rsa, ModulusBits: { } bits } => string.Create(CultureInfo.InvariantCulture, $"RSA, {bits} bits"),
        { Algorithm: PublicKeyAlgorithm.EcP256 } => "EC, P-256",
        { Algorithm: PublicKeyAlgorithm.EcP384 } => "EC, P-384",
        { Algorithm: PublicKeyAlgorithm.EcP521 } => "EC, P-521",
        { Algorithm: PublicKeyAlgorithm.MlDsa44 } => "ML-DSA-44",
        { Algorithm: PublicKeyAlgorithm.MlDsa65 } => "ML-DSA-65",
        { Algorithm: PublicKeyAlgorithm.MlDsa87 } => "ML-DSA-87",
        { Algorithm: var other } => other.ToString(),
        null => "of a kind that this version does not accept",
    };

    private string SerialNumberHex => Hex(certificate.SerialNumber.Value.ToByteArray(isUnsigned: true, isBigEndian: true));

    private static string Hex(byte[] octets) => string.Join(':', octets.Select(octet => octet.ToString("X2", CultureInfo.InvariantCulture)));

    [SuppressMessage("Security", "CA5350", Justification = "A fingerprint to compare with what other programs show, not a protection.")]
    private byte[] Sha1() => SHA1.HashData(certificate.Der.Span);
}
