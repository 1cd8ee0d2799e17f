using System.Globalization;
using System.Text.Json;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Revocation;

/// <summary>Is a list of certificates to revoke, as the operator writes it (contract section 4, 12.22). Entries that cannot be
/// read are failures, one by one; the others take effect. Immutable.</summary>
public sealed class RevocationEntries
{
    /// <summary>Names the list of the issuing CA.</summary>
    public const string IssuingFileKey = "revoked.json";

    /// <summary>Names the list of the root CA.</summary>
    public const string RootFileKey = "revoked-root-ca.json";

    private const int MaxReported = 1000; // failures, and warnings; our decision: nobody reads more, and a list may have half a million

    private static readonly int LeastBytes = """{"serial_number":1},""".Length; // of a readable entry

    private readonly List<ListedEntry> entries = [];
    private readonly List<EntryFailure> failures = [];
    private readonly List<string> warnings = [];

    private RevocationEntries(string? fileFault) => FileFault = fileFault;

    /// <summary>Lists the readable entries, equal ones once, in the order of the file.</summary>
    public IReadOnlyList<ListedEntry> Entries => entries;

    /// <summary>Lists what cannot be read, and why. The last of a thousand stands for all that follow, and counts them.</summary>
    public IReadOnlyList<EntryFailure> Failures => failures;

    /// <summary>Lists what was ignored. Behind a thousand the others are counted.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>Says why the file could not be read as a list; null when it could, or is not there.</summary>
    public string? FileFault { get; }

    /// <summary>Returns the file of a CA's list.</summary>
    public static string FileKeyOf(CaNames names, string caName) => caName == names.RootCa ? RootFileKey : IssuingFileKey;

    /// <summary>Says which list has to name a certificate: the root CA signed the issuing CA's and no other.</summary>
    public static string FileKeyFor(CaNames names, string commonName) =>
        FileKeyOf(names, commonName == names.IssuingCa ? names.RootCa : names.IssuingCa);

    /// <summary>Reads a list; no file is an empty one.</summary>
    public static async Task<RevocationEntries> ReadAsync(IInternalFiles files, string key, CancellationToken cancellation)
    {
        ListContent content = await JsonList.ReadAsync(files, key, cancellation);
        var list = new RevocationEntries(content.Fault);
        list.Read(content, new ListedEntryReader(key, content));
        return list;
    }

    private void Read(ListContent content, ListedEntryReader reader)
    {
        var places = new Dictionary<ListedEntry, int>(content.CountOf(LeastBytes), new SameMeaning());
        entries.EnsureCapacity(content.CountOf(LeastBytes));
        (int unread, int ignored) = (0, 0);
        foreach ((int index, JsonElement element) in content.Elements.Index())
        {
            if (reader.TryRead(element, index + 1, out ListedEntry? entry, out string? why))
            {
                ignored += reader.Ignored.Count;
                Warn(reader.Ignored, entry.Place);
                Add(entry, places);
            }
            else if (++unread <= MaxReported)
            {
                failures.Add(new EntryFailure(reader.PlaceOf(element, index + 1), why));
            }
        }

        if (unread > MaxReported)
        {
            failures[^1] = failures[^1] with { Reason = $"{failures[^1].Reason}; nor can {Counted.Entries(unread - MaxReported)} behind it be read" };
        }

        if (ignored > MaxReported)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"and {ignored - MaxReported} more"));
        }
    }

    private void Warn(IReadOnlyList<string> ignored, EntryPlace place)
    {
        for (int at = 0; at < ignored.Count && warnings.Count < MaxReported; at++)
        {
            warnings.Add($"{place}: '{ignored[at]}' is not known and ignored; keys that begin with _ are for notes");
        }
    }

    // The first of equal entries stands for all, with the gravest reason.
    private void Add(ListedEntry entry, Dictionary<ListedEntry, int> places)
    {
        if (places.TryAdd(entry, entries.Count))
        {
            entries.Add(entry);
            return;
        }

        int place = places[entry];
        if (RevocationReasons.IsGraver(entry.Reason, entries[place].Reason))
        {
            entries[place] = entries[place] with { Reason = entry.Reason };
        }
    }

    // Compares all but the place and the reason.
    private sealed class SameMeaning : IEqualityComparer<ListedEntry>
    {
        public bool Equals(ListedEntry? one, ListedEntry? other) => one!.Serial == other!.Serial && one.CommonName == other.CommonName
            && one.IsUnrecorded == other.IsUnrecorded && one.Expires == other.Expires && one.Fault == other.Fault;

        public int GetHashCode(ListedEntry entry) => HashCode.Combine(entry.Serial.Number, entry.CommonName);
    }
}

/// <summary>Is one readable element of <c>revoked.json</c> or <c>revoked-root-ca.json</c> (contract 12.22). Immutable.</summary>
/// <param name="Place">Where the element stands.</param>
/// <param name="CommonName">As it is written; null without one: then the serial number alone counts.</param>
/// <param name="Serial">The certificate to revoke.</param>
/// <param name="Reason">Unspecified when none is given.</param>
public sealed record ListedEntry(EntryPlace Place, string? CommonName, SerialReading Serial, RevocationReason Reason)
{
    /// <summary>Says whether it is added to the CRL although no row has it.</summary>
    public bool IsUnrecorded { get; init; }

    /// <summary>Gets when an unrecorded certificate expires, as the list says; null: it stays on the CRL for good.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Says what is wrong with the entry although its certificate can be revoked; null when nothing is.</summary>
    public string? Fault { get; init; }
}

/// <summary>Says where an element of a list stands and what it says, for messages. Immutable.</summary>
/// <param name="At">Where it stands.</param>
/// <param name="CommonName">As it is written, cut to a length for messages; empty without one.</param>
/// <param name="SerialNumber">As it is written, cut to a length for messages; empty without one.</param>
public sealed record EntryPlace(ListPlace At, string CommonName, string SerialNumber)
{
    /// <summary>Gets the element; undefined: it is not known.</summary>
    internal JsonElement Written { get; init; }

    /// <summary>Computes the hex SHA-256 of its canonical JSON: the same entry has the same hash at another place. Only messages need
    /// it.</summary>
    public string Hash => Written.ValueKind == JsonValueKind.Undefined ? ""
        : JsonFaults.IsUnicode(Written) ? CanonicalJson.Hash(Written)
        : string.Create(CultureInfo.InvariantCulture, $"unreadable {Position}");

    /// <summary>Compares everything but the element: an entry that was read again is the same if it says the same.</summary>
    public bool Equals(EntryPlace? other) =>
        other is not null && (At, CommonName, SerialNumber, Hash) == (other.At, other.CommonName, other.SerialNumber, other.Hash);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(At, CommonName, SerialNumber);

    /// <summary>Gets the name of the list.</summary>
    public string File => At.File;

    /// <summary>Gets which element it is, from 1.</summary>
    public int Position => At.Position;

    /// <summary>Writes it such as <c>revoked.json, line 3, entry 2 ('name', serial number 4660)</c>.</summary>
    public override string ToString()
    {
        string name = CommonName.Length > 0 ? $"'{CommonName}'" : "";
        string serial = SerialNumber.Length > 0 ? $"serial number {SerialNumber}" : "";
        string says = string.Join(", ", ((string[])[name, serial]).Where(part => part.Length > 0));
        return $"{JsonLines.Place(File, Position, At.Line)}{(says.Length > 0 ? $" ({says})" : "")}";
    }
}

/// <summary>Is an element of a list that was not carried out (contract 12.22). Immutable.</summary>
/// <param name="Place">Where the element stands.</param>
/// <param name="Reason">Why, and what to do; the same on every run, so that it is announced once.</param>
public sealed record EntryFailure(EntryPlace Place, string Reason)
{
    /// <summary>Writes place and reason.</summary>
    public override string ToString() => $"{Place}: {Reason}";
}
