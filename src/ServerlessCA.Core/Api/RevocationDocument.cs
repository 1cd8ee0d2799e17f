using System.Text.Json;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Api;

/// <summary>Writes and reads the document of <c>revoke</c> (docs/json.md).</summary>
public static class RevocationDocument
{
    /// <summary>Names the member with the common name, in the document and in what requests it.</summary>
    public const string CommonName = "CommonName";

    /// <summary>Names the member with the serial number.</summary>
    public const string SerialNumber = "SerialNumber";

    /// <summary>Names the member with the reason.</summary>
    public const string Reason = "Reason";

    /// <summary>Writes what has a certificate revoked by the API.</summary>
    public static void WriteRequest(Utf8JsonWriter writer, RowId row, RevocationReason reason)
    {
        writer.WriteString(CommonName, row.CommonName);
        writer.WriteString(SerialNumber, row.SerialNumber.ToString());
        writer.WriteString(Reason, RevocationReasons.Name(reason));
    }

    /// <summary>Writes the members.</summary>
    public static void Write(Utf8JsonWriter writer, RevokedCertificate revoked)
    {
        writer.WriteString("Status", revoked.Outcome.ToString());
        writer.WriteString(CommonName, revoked.Row.CommonName);
        writer.WriteString(SerialNumber, revoked.Row.SerialNumber.ToString());
        writer.WriteString("Revoked", Rfc3339.Text(revoked.Revocation.At));
        writer.WriteString(Reason, RevocationReasons.Name(revoked.Revocation.Reason));
        writer.WriteString("Crl", revoked.Crl?.File);
        if (revoked.Crl is { } crl)
        {
            writer.WriteNumber("CrlNumber", crl.Number);
        }

        JsonText.WriteTexts(writer, "Warnings", revoked.Warnings);
    }

    /// <summary>Reads the document.</summary>
    /// <exception cref="UnreadableDocumentException">It is not such a document.</exception>
    public static RevokedCertificate Read(ReadOnlyMemory<byte> utf8) => DocumentReader.Read(utf8, document => new RevokedCertificate(
        new RowId(document.Text(CommonName), document.Serial(SerialNumber)),
        document.RevocationOrNull("Revoked", Reason) ?? throw document.Wrong("Revoked", "a time"),
        document.Word<RevokeOutcome>("Status"),
        document.TextOrNull("Crl") is { } file ? new NamingCrl(file, document.Number("CrlNumber")) : null,
        document.Texts("Warnings")));
}
