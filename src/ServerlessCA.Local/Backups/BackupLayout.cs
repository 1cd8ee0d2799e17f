using System.Text.Json;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Backups;

/// <summary>What is in a backup: an ordinary <c>tar.gz</c> with the files of a data folder under the names that they have
/// there, <c>backup.json</c>, and last <c>SHA256SUMS</c>, so that <c>tar</c> and <c>sha256sum --check</c> are enough to
/// look into one. Notifications are not in it: what was told once would be told again.</summary>
internal static class BackupLayout
{
    /// <summary>What it says of itself (<see cref="BackupFacts"/>).</summary>
    public const string Facts = "backup.json";

    /// <summary>The digest of every other file; an archive without it was cut off.</summary>
    public const string Sums = "SHA256SUMS";

    /// <summary>The settings.</summary>
    public const string Settings = DataFolder.SettingsName;

    /// <summary>The ledger.</summary>
    public const string Ledger = DataFolder.LedgerName;

    /// <summary>The CA keys.</summary>
    public const string Keys = DataFolder.KeysName;

    /// <summary>What the world may have.</summary>
    public const string External = DataFolder.ExternalName;

    /// <summary>What the operator hands in, and copies of CRLs.</summary>
    public const string Internal = DataFolder.InternalName;

    /// <summary>Whether a backup may hold a file of this name: nothing else is ever written by restoring one.</summary>
    public static bool Allows(string name) => name is Facts or Sums or Settings or Ledger
        || (StoreKey.TryParse(name, out StoreKey? key) && key.Parts is [Keys, _] or [External or Internal, _, ..]);

    /// <summary>The mode that a file is restored with, whatever an archive says.</summary>
    public static UnixFileMode ModeOf(string name) =>
        name.StartsWith($"{External}/", StringComparison.Ordinal) || name.StartsWith($"{Internal}/", StringComparison.Ordinal)
            ? Access.WorldFile
            : Access.OwnerFile;
}

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

/// <summary>A backup cannot be written, or what was given is no whole backup. Nothing was left behind.</summary>
public sealed class BackupUnusableException : Exception
{
    /// <summary>Says what is wrong and what to do.</summary>
    public BackupUnusableException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong and what to do, and keeps the cause.</summary>
    public BackupUnusableException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
