using System.Text.Json;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Revocation;

/// <summary>Is a list of certificates to revoke, as the operator writes it (contract section 4, 12.22). Entries that cannot be
/// read are failures, one by one; the others take effect. Immutable.</summary>
public sealed class RevocationEntries
{
    /// <summary>Names the list of the issuing CA.</summary>
    public const string IssuingFileKey = "revoked.json";

    /// <summary>Names the list of the root CA.</summary>
    public const string RootFileKey = "revoked-root-ca.json";

    private readonly List<ListedEntry> entries = [];
    private readonly List<EntryFailure> failures = [];
    private readonly List<string> warnings = [];

    private RevocationEntries(string? fileFault) => FileFault = fileFault;

    /// <summary>Lists the readable entries, equal ones once, in the order of the file.</summary>
    public IReadOnlyList<ListedEntry> Entries => entries;

    /// <summary>Lists what cannot be read, and why.</summary>
    public IReadOnlyList<EntryFailure> Failures => failures;

    /// <summary>Lists what was ignored.</summary>
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
        IReadOnlyList<JsonElement> elements = content.Elements;
        var list = new RevocationEntries(content.Fault);
        var places = new Dictionary<object, int>();
        var reader = new ListedEntryReader(key, content);
        for (int index = 0; index < elements.Count; index++)
        {
            if (reader.TryRead(elements[index], index + 1, out ListedEntry? entry, out EntryFailure? failure))
            {
                list.warnings.AddRange(ListedEntryReader.Warnings(elements[index], entry.Place));
                list.Add(entry, places);
            }
            else
            {
                list.failures.Add(failure);
            }
        }

        return list;
    }

    // The first of equal entries stands for all, with the gravest reason.
    private void Add(ListedEntry entry, Dictionary<object, int> places)
    {
        var says = (entry.CommonName, entry.Serial, entry.IsUnrecorded, entry.Expires, entry.Fault);
        if (!places.TryGetValue(says, out int place))
        {
            places.Add(says, entries.Count);
            entries.Add(entry);
        }
        else if (RevocationReasons.IsGraver(entry.Reason, entries[place].Reason))
        {
            entries[place] = entries[place] with { Reason = entry.Reason };
        }
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
/// <param name="Hash">Hex SHA-256 of its canonical JSON: the same entry has the same hash at another place.</param>
public sealed record EntryPlace(ListPlace At, string CommonName, string SerialNumber, string Hash)
{
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
