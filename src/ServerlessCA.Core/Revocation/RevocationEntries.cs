using System.Text.Json;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Revocation;

/// <summary>A list of certificates to revoke, as the operator keeps it (SPEC 4, 12.9). Broken entries are skipped and
/// told one by one; the others take effect. Immutable.</summary>
public sealed class RevocationEntries
{
    /// <summary>The list of the issuing CA.</summary>
    public const string IssuingFileKey = "revoked.json";

    /// <summary>The list of the root CA.</summary>
    public const string RootFileKey = "revoked-root-ca.json";

    private readonly List<RevocationEntry> entries = [];
    private readonly List<string> problems = [];

    private RevocationEntries(string? fileFault) => FileFault = fileFault;

    /// <summary>Each certificate once, in the order of the file.</summary>
    public IReadOnlyList<RevocationEntry> Entries => entries;

    /// <summary>What was skipped, and why.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Why the file could not be read as a list; null when it could, or is not there.</summary>
    public string? FileFault { get; }

    /// <summary>Which list has to name a certificate: the root CA signed the issuing CA's and no other.</summary>
    public static string FileKeyFor(CaNames names, string commonName) =>
        commonName == names.IssuingCa ? RootFileKey : IssuingFileKey;

    /// <summary>Reads a list; no file is an empty one.</summary>
    public static async Task<RevocationEntries> ReadAsync(IInternalFiles files, string key, CancellationToken cancellation)
    {
        (IReadOnlyList<JsonElement> elements, string? fault) = await JsonList.ReadAsync(files, key, cancellation);
        var list = new RevocationEntries(fault);
        var seen = new HashSet<RowId>();
        for (int index = 0; index < elements.Count; index++)
        {
            RevocationEntry? entry = list.Read(elements[index], $"{key}, entry {index + 1}");
            if (entry is not null && seen.Add(new RowId(entry.CommonName, entry.SerialNumber)))
            {
                list.entries.Add(entry);
            }
        }

        return list;
    }

    private RevocationEntry? Read(JsonElement element, string place)
    {
        if (element.ValueKind != JsonValueKind.Object || !JsonFaults.IsUnicode(element))
        {
            problems.Add($"{place}: it must be a map with common_name and serial_number");
            return null;
        }

        string? name = element.TryGetProperty("common_name", out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
        if (string.IsNullOrEmpty(name))
        {
            problems.Add($"{place}: common_name is missing, or is not text");
            return null;
        }

        if (!element.TryGetProperty("serial_number", out JsonElement serial) || !SerialNumberText.TryRead(serial, out SerialNumber number))
        {
            problems.Add($"{place} ('{Excerpt.Of(name)}'): serial_number must be a whole number, in decimal, as 0x… or as aa:bb:…");
            return null;
        }

        return new RevocationEntry(name, number, Reason(element, place));
    }

    // A misspelt reason must not leave a certificate good: it is revoked without one.
    private RevocationReason Reason(JsonElement element, string place)
    {
        bool given = element.TryGetProperty("reason", out JsonElement value) && value.ValueKind != JsonValueKind.Null;
        RevocationReason reason = default;
        bool known = given && value.ValueKind == JsonValueKind.String && RevocationReasons.TryParse(value.GetString()!, out reason);
        if (given && !known)
        {
            problems.Add($"{place}: reason is none of {string.Join(", ", RevocationReasons.Names)}: it counts as unspecified");
        }

        return reason;
    }
}
