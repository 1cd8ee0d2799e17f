using System.Text.Json;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Local.Backups;

/// <summary>What a backup says of itself: its <c>backup.json</c>. Immutable.</summary>
/// <param name="Created">UTC, whole seconds: nothing that was committed before is missing.</param>
/// <param name="Certificates">Rows of the ledger, CAs included.</param>
/// <param name="Authorities">The newest row of each CA that there is, root first.</param>
public sealed record BackupFacts(DateTimeOffset Created, long Certificates, IReadOnlyList<BackupAuthority> Authorities)
{
    private const int Format = 1; // counted up when an older program could no longer restore it

    /// <summary>The time as RFC 3339 has it, such as <c>2030-01-01T09:00:00Z</c>.</summary>
    public string CreatedText => Rfc3339.Text(Created);

    /// <summary>The file's content.</summary>
    internal byte[] Write()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("Format", Format);
            writer.WriteString(nameof(Created), CreatedText);
            writer.WriteNumber(nameof(Certificates), Certificates);
            writer.WriteStartArray(nameof(Authorities));
            foreach (BackupAuthority authority in Authorities)
            {
                writer.WriteStartObject();
                writer.WriteString("Name", authority.Name);
                writer.WriteNumber("CrlNumber", authority.CrlNumber);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads the file's content.</summary>
    /// <exception cref="BackupUnusableException">It is of another program, or of a newer one.</exception>
    internal static BackupFacts Read(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            JsonElement root = document.RootElement;
            return root.GetProperty("Format").GetInt32() != Format
                ? throw new BackupUnusableException($"{BackupLayout.Facts} has a format that this program does not know: update serverless-ca.")
                : new BackupFacts(
                    Rfc3339.TryParse(root.GetProperty(nameof(Created)).GetString(), out DateTimeOffset created)
                        ? created : throw new FormatException($"'{nameof(Created)}' is no time"),
                    root.GetProperty(nameof(Certificates)).GetInt64(),
                    [.. root.GetProperty(nameof(Authorities)).EnumerateArray().Select(authority => new BackupAuthority(
                        authority.GetProperty("Name").GetString()!, authority.GetProperty("CrlNumber").GetInt64()))]);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or ArgumentNullException)
        {
            throw new BackupUnusableException($"{BackupLayout.Facts} is damaged: {error.Message.TrimEnd('.')}. Use another backup.", error);
        }
    }
}

/// <summary>A CA in a backup. Immutable.</summary>
/// <param name="Name">Its name, such as <c>serverless-issuing-ca-dev</c>.</param>
/// <param name="CrlNumber">The ledger's number of its last CRL; 0 when there was none.</param>
public sealed record BackupAuthority(string Name, long CrlNumber);
