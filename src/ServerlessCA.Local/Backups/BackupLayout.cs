using System.Text.Json;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Backups;

/// <summary>Lists what is in a backup: an ordinary <c>tar.gz</c> with the files of a data folder under the names that
/// they have there, <c>backup.json</c>, and last <c>SHA256SUMS</c>, so that <c>tar</c> and <c>sha256sum --check</c> are
/// enough to look into one. Notifications are not in it: they would be delivered again.</summary>
internal static class BackupLayout
{
    /// <summary>The file that describes the backup (<see cref="BackupFacts"/>).</summary>
    public const string Facts = "backup.json";

    /// <summary>The file with the digest of every other file. An archive without it was cut off.</summary>
    public const string Sums = "SHA256SUMS";

    /// <summary>The settings.</summary>
    public const string Settings = DataFolder.SettingsName;

    /// <summary>The ledger.</summary>
    public const string Ledger = DataFolder.LedgerName;

    /// <summary>The CA keys.</summary>
    public const string Keys = DataFolder.KeysName;

    /// <summary>The published files.</summary>
    public const string External = DataFolder.ExternalName;

    /// <summary>The folder with the operator's files and with copies of CRLs.</summary>
    public const string Internal = DataFolder.InternalName;

    /// <summary>Says whether a backup may hold a file of this name. A restore writes nothing else.</summary>
    public static bool Allows(string name) => name is Facts or Sums or Settings or Ledger
        || (StoreKey.TryParse(name, out StoreKey? key) && key.Parts is [Keys, _] or [External or Internal, _, ..]);

    /// <summary>Returns the mode that a file is restored with, whatever the archive says.</summary>
    public static UnixFileMode ModeOf(string name) =>
        name.StartsWith($"{External}/", StringComparison.Ordinal) || name.StartsWith($"{Internal}/", StringComparison.Ordinal)
            ? Access.WorldFile
            : Access.OwnerFile;
}

/// <summary>Describes a backup, as its <c>backup.json</c> does. Immutable.</summary>
/// <param name="Created">UTC, whole seconds. Everything that was committed before is in the backup.</param>
/// <param name="Certificates">The number of rows in the ledger, CAs included.</param>
/// <param name="Authorities">The newest row of each CA, the root first.</param>
public sealed record BackupFacts(DateTimeOffset Created, long Certificates, IReadOnlyList<BackupAuthority> Authorities)
{
    private const int Format = 1; // incremented when an older program could no longer restore it

    /// <summary>The time in the form of RFC 3339, such as <c>2030-01-01T09:00:00Z</c>.</summary>
    public string CreatedText => Rfc3339.Text(Created);

    /// <summary>Returns the file's content.</summary>
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
    /// <exception cref="BackupUnusableException">The file is of another program, or of a newer one.</exception>
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

/// <summary>A CA as <c>backup.json</c> describes it. Immutable.</summary>
/// <param name="Name">Its name, such as <c>serverless-issuing-ca-dev</c>.</param>
/// <param name="CrlNumber">The number of its last CRL in the ledger; 0: it has published none.</param>
public sealed record BackupAuthority(string Name, long CrlNumber);

/// <summary>Reports that a backup cannot be written, or that a file is no whole backup. Nothing was left
/// behind.</summary>
public sealed class BackupUnusableException : Exception
{
    /// <summary>Takes a message that says what is wrong and what to do.</summary>
    public BackupUnusableException(string message)
        : base(message)
    {
    }

    /// <summary>Takes a message that says what is wrong and what to do, and the cause.</summary>
    public BackupUnusableException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
