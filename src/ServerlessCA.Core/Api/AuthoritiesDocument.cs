using System.Text.Json;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Api;

/// <summary>Holds the CAs of a deployment. Immutable.</summary>
/// <param name="Authorities">Roots first, each the newest first.</param>
/// <param name="Bundle">The path of the published bundle, PEM: root, then issuing.</param>
public sealed record AuthorityList(IReadOnlyList<AuthorityDetails> Authorities, string Bundle);

/// <summary>Writes and reads the CAs of a deployment, for the API of <c>serve</c>.</summary>
public static class AuthoritiesDocument
{
    private const string Root = "root";
    private const string Issuing = "issuing";

    /// <summary>Writes the members.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="list">The CAs.</param>
    /// <param name="pathOf">Returns the path of a published file.</param>
    public static void Write(Utf8JsonWriter writer, AuthorityList list, Func<string, string> pathOf)
    {
        JsonText.WriteList(writer, "Authorities", list.Authorities, authority => Write(writer, authority, pathOf));
        writer.WriteString("Bundle", list.Bundle);
    }

    /// <summary>Reads the document.</summary>
    /// <param name="utf8">JSON.</param>
    /// <param name="now">UTC: decides what is expired.</param>
    /// <exception cref="UnreadableDocumentException">It is not such a document, or a certificate cannot be read.</exception>
    public static AuthorityList Read(ReadOnlyMemory<byte> utf8, DateTimeOffset now) => DocumentReader.Read(utf8, document =>
        new AuthorityList(document.List("Authorities", authority => Read(authority, now)), document.Text("Bundle")));

    private static void Write(Utf8JsonWriter writer, AuthorityDetails authority, Func<string, string> pathOf)
    {
        InventoryDocument.WriteMembers(writer, authority.Certificate.Row);
        writer.WriteNumber("DaysLeft", authority.Certificate.Row.DaysLeft);
        writer.WriteString("Role", authority.Role == AuthorityRole.Root ? Root : Issuing);
        writer.WriteBoolean("IsCurrent", authority.IsCurrent);
        writer.WriteString("IssuedBy", authority.IssuedBy);
        if (authority.PathLength is { } length)
        {
            writer.WriteNumber("PathLength", length);
        }

        FactsDocument.Write(writer, authority.Certificate.Facts);
        writer.WriteString("Certificate", authority.Certificate.Record.CertificatePem);
        if (authority is { PemFile: { } pem, DerFile: { } der })
        {
            writer.WriteStartObject("Files");
            writer.WriteString("Pem", pathOf(pem));
            writer.WriteString("Der", pathOf(der));
            writer.WriteEndObject();
        }

        if (authority.Crl is { } crl)
        {
            writer.WriteStartObject("Crl");
            Write(writer, crl, pathOf);
            writer.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter writer, AuthorityCrl crl, Func<string, string> pathOf)
    {
        writer.WriteString("File", pathOf(crl.File));
        writer.WriteNumber("Number", crl.Number);
        writer.WriteString("ThisUpdate", Rfc3339.Text(crl.ThisUpdate));
        writer.WriteString("NextUpdate", Rfc3339.Text(crl.NextUpdate));
        writer.WriteNumber("Entries", crl.Entries);
        writer.WriteNumber("Octets", crl.Octets);
        writer.WriteString("SignedBy", crl.SignedBy);
        writer.WriteBoolean("IsDue", crl.IsDue);
    }

    private static AuthorityDetails Read(DocumentReader authority, DateTimeOffset now) =>
        new(authority.Word<AuthorityRole>("Role", role => role switch { Root => AuthorityRole.Root, Issuing => AuthorityRole.Issuing, _ => null }),
            CertificatesDocument.ReadRow(authority, now))
        {
            IsCurrent = authority.Flag("IsCurrent"),
            IssuedBy = authority.TextOrNull("IssuedBy"),
            PathLength = authority.Has("PathLength") ? authority.Count("PathLength") : null,
            Crl = authority.ObjectOrNull("Crl", crl => new AuthorityCrl(
                crl.Text("File"), crl.Number("Number"), crl.Time("ThisUpdate"), crl.Time("NextUpdate"), crl.Count("Entries"), crl.Count("Octets"),
                crl.Text("SignedBy"), crl.Flag("IsDue"))),
        };
}
