using System.Text.Json;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Api;

/// <summary>Writes and reads the document of <c>show</c> (docs/json.md).</summary>
public static class CertificatesDocument
{
    /// <summary>Writes the members.</summary>
    public static void Write(Utf8JsonWriter writer, IEnumerable<CertificateDetails> certificates) =>
        JsonText.WriteList(writer, "Certificates", certificates, certificate => Write(writer, certificate));

    /// <summary>Reads the document. The rows hold what it says, so no hash of the key, no key id of the issuer and no source; that
    /// of a CA has the CRL number 0.</summary>
    /// <param name="utf8">JSON.</param>
    /// <param name="now">UTC: decides what is expired.</param>
    /// <exception cref="UnreadableDocumentException">It is not such a document, or a certificate cannot be read.</exception>
    public static IReadOnlyList<CertificateDetails> Read(ReadOnlyMemory<byte> utf8, DateTimeOffset now) =>
        DocumentReader.Read(utf8, document => document.List("Certificates", one => Read(one, now)));

    private static void Write(Utf8JsonWriter writer, CertificateDetails details)
    {
        InventoryDocument.WriteMembers(writer, details.Row);
        FactsDocument.Write(writer, details.Facts);
        if (details.Record.NotifyExpiry is { } notify)
        {
            writer.WriteBoolean("NotifyExpiry", notify);
        }

        JsonText.WriteTexts(writer, "ExpiryReminders", details.Record.ExpiryReminders.Select(Rfc3339.Text));
        writer.WriteString("Certificate", details.Record.CertificatePem);
        if (details.RenewalDue is { } due)
        {
            writer.WriteString("RenewalDue", Rfc3339.Text(due));
        }

        if (details.Chain is { } chain)
        {
            JsonText.WriteTexts(writer, "Chain", chain);
        }
    }

    private static CertificateDetails Read(DocumentReader one, DateTimeOffset now) => ReadRow(one, now) with
    {
        RenewalDue = one.TimeOrNull("RenewalDue"),
        Chain = one.Has("Chain") ? one.Texts("Chain") : null,
    };

    /// <summary>Reads the members that <c>show</c> and the CAs of the API share.</summary>
    internal static CertificateDetails ReadRow(DocumentReader one, DateTimeOffset now)
    {
        string pem = one.Text("Certificate");
        if (!Certificate.TryDecodePem(pem, out Certificate? certificate))
        {
            throw one.Wrong("Certificate", "a certificate in PEM");
        }

        var record = new CertificateRecord
        {
            CommonName = one.Text("CommonName"),
            SerialNumber = one.Serial("SerialNumber"),
            Issued = one.Time("Issued"),
            Expires = one.Time("Expires"),
            CertificatePem = pem,
            Revoked = one.RevocationOrNull("Revoked", "Reason"),
            CrlNumber = certificate.IsCa ? 0 : null,
            NotifyExpiry = one.FlagOrNull("NotifyExpiry"),
            ExpiryReminders = one.Has("ExpiryReminders") ? one.Times("ExpiryReminders") : [],
        };
        return new CertificateDetails(record, certificate, now);
    }
}

/// <summary>Writes what a certificate itself says: members that <c>show</c>, <c>decode</c>, <c>plan</c> and the API share.</summary>
public static class FactsDocument
{
    /// <summary>Writes all members, from the serial number in hexadecimal to the fingerprints.</summary>
    public static void Write(Utf8JsonWriter writer, CertificateFacts facts)
    {
        writer.WriteString("SerialNumberHex", facts.SerialNumberHex);
        WriteContents(writer, facts);
        writer.WriteString("Sha256", facts.Sha256);
        writer.WriteString("Sha1", facts.Sha1);
    }

    /// <summary>Writes the members from the subject to the extensions, as they are known before anything is signed.</summary>
    public static void WriteContents(Utf8JsonWriter writer, CertificateFacts facts)
    {
        writer.WriteString("Subject", facts.Subject);
        writer.WriteString("Issuer", facts.Issuer);
        writer.WriteString("Key", facts.KeyText);
        JsonText.WriteList(writer, "Extensions", facts.Extensions, extension =>
        {
            writer.WriteString("Name", extension.Name);
            writer.WriteString("Oid", extension.Oid);
            writer.WriteBoolean("Critical", extension.Critical);
            JsonText.WriteTexts(writer, "Values", extension.Values);
        });
    }
}
