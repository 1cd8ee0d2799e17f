using System.Text.Json;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Requests;

/// <summary>Holds the elements of <c>tls.json</c> (contract section 7). Broken files and elements are reported and stop nothing
/// else. Immutable.</summary>
public sealed class GitOpsEntries
{
    /// <summary>Names the file in the internal store.</summary>
    public const string FileKey = "tls.json";

    /// <summary>Names the folder of the CSRs that entries name by <c>csr_file</c>.</summary>
    public const string CsrFolder = "csrs";

    private readonly ListContent list;
    private readonly Lazy<ILookup<string, JsonElement>> byName; // a run that issues nothing never asks
    private readonly Lazy<ILookup<string, JsonElement>> byFile;

    private GitOpsEntries(ListContent list)
    {
        this.list = list;
        byName = new(() => LookUp(NameIn));
        byFile = new(() => LookUp(element => NameIn(element) is null ? Text(element, RequestKeys.CsrFile) : null));
    }

    /// <summary>Gets the elements in the order of the file, unchecked.</summary>
    public IReadOnlyCollection<JsonElement> Elements => list.Elements;

    /// <summary>Says why the file could not be read as a list; null when it could, or does not exist.</summary>
    public string? Fault => list.Fault;

    /// <summary>Gets the line on which each element begins, from 1. Only messages need them, so they are found when somebody
    /// asks.</summary>
    public IReadOnlyList<int> Lines => list.Lines;

    /// <summary>Lists the CSR files that the elements name, each once.</summary>
    public IReadOnlyList<string> CsrFiles => [.. Elements.Select(element => Text(element, RequestKeys.CsrFile)).OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>Names the place of an element, for messages: file, line, entry.</summary>
    /// <param name="position">The element, from 1.</param>
    public string PlaceOf(int position) => JsonLines.Place(FileKey, position, JsonLines.LineOf(Lines, position));

    /// <summary>Reads the file; a missing file is an empty list.</summary>
    public static async Task<GitOpsEntries> ReadAsync(IInternalFiles files, CancellationToken cancellation) =>
        Of(await JsonList.ReadAsync(files, FileKey, cancellation));

    /// <summary>Makes entries of a list that was read.</summary>
    internal static GitOpsEntries Of(ListContent list) => new(list);

    /// <summary>Decides whether a certificate counts as GitOps: an element has its common name, and the same organization and
    /// organizational unit where both have one (contract section 5). An element without a common name has that of its
    /// CSR.</summary>
    /// <param name="commonName">That of the certificate.</param>
    /// <param name="subject">That of the certificate.</param>
    /// <param name="csrFile">The file that the request names; null when it names none.</param>
    public bool Lists(string commonName, DistinguishedName subject, string? csrFile) =>
        byName.Value[commonName].Concat(csrFile is null ? [] : byFile.Value[csrFile]).Any(element =>
            Agrees(element, subject, SubjectAttributes.Organization) && Agrees(element, subject, SubjectAttributes.OrganizationalUnit));

    /// <summary>Returns the common name of an element, as far as it can be read; for reports.</summary>
    public static string NameOf(JsonElement element) => Excerpt.Of(Text(element, RequestKeys.CommonName) ?? "");

    /// <summary>Returns the key, in the internal store, of the CSR that an entry names.</summary>
    /// <param name="file">The entry's <c>csr_file</c>.</param>
    public static string CsrKey(string file) => $"{CsrFolder}/{file}";

    private ILookup<string, JsonElement> LookUp(Func<JsonElement, string?> keyOf) => Elements.Select(element => (Key: keyOf(element), Element: element))
        .Where(one => one.Key is not null).ToLookup(one => one.Key!, one => one.Element, StringComparer.Ordinal);

    private static string? NameIn(JsonElement element) => Text(element, RequestKeys.CommonName) is { Length: > 0 } name ? name : null;

    private static bool Agrees(JsonElement element, DistinguishedName subject, SubjectAttribute attribute)
    {
        string? listed = Text(element, attribute.RequestKey);
        string[] actual = [.. subject.Values(attribute.Oid)];
        return string.IsNullOrEmpty(listed) || actual.Length == 0 || actual.Contains(listed, StringComparer.Ordinal);
    }

    private static string? Text(JsonElement element, string key)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement value)
                && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // the text or a key has half a character, such as "\ud800": only that entry is refused
        }
    }
}

/// <summary>Reads <c>tls.json</c> for programs that need it again and again: the store is asked whether it has another version
/// than the last one, and only then the file is read and parsed. The entries are always those of the file as it is now. Safe
/// for concurrent use.</summary>
internal sealed class GitOpsList(IInternalFiles files)
{
    private volatile Known? known;

    /// <summary>Returns the entries of the file as it is now.</summary>
    /// <exception cref="FilesUnavailableException">The file cannot be read now.</exception>
    public async Task<GitOpsEntries> ReadAsync(CancellationToken cancellation)
    {
        Known? before = known;
        StoredFile? file;
        try
        {
            file = before is null
                ? await files.ReadAsync(GitOpsEntries.FileKey, cancellation)
                : await files.ReadNewerAsync(GitOpsEntries.FileKey, before.Version, cancellation);
        }
        catch (FilesUnavailableException unfit) when (unfit.IsUnfit)
        {
            return GitOpsEntries.Of(ListContent.Broken(unfit.Message));
        }

        if (file is not null && file.Version == before?.Version)
        {
            return before.Entries;
        }

        GitOpsEntries entries = GitOpsEntries.Of(JsonList.Read(files, GitOpsEntries.FileKey, file));
        known = file is null ? null : new Known(file.Version, entries);
        return entries;
    }

    private sealed record Known(string Version, GitOpsEntries Entries);
}
