using System.Text.Json.Nodes;
using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Requests;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Cli.Requesting;

/// <summary>Adds an entry to the <c>tls.json</c> of a GitOps folder, and holds the folder for its CSR.</summary>
internal sealed class RequestedEntry : IDisposable
{
    private const string HowToAdd = "to renew it give the same --name and nothing else, or edit the entry by hand";

    // The order in which people write keys; an entry that is added has no other keys.
    private static readonly string[] Order =
        [RequestKeys.CommonName, RequestKeys.Purposes, RequestKeys.ExtendedKeyUsages, RequestKeys.Sans, RequestKeys.Extensions, RequestKeys.Lifetime, RequestKeys.CsrFile];

    private readonly FolderEntries entries;
    private readonly JsonObject entry;

    private RequestedEntry(FolderEntries entries, JsonObject entry, bool isThere, OutputFolder requests)
    {
        IsThere = isThere;
        this.entries = entries;
        this.entry = entry;
        Requests = requests;
    }

    /// <summary>The folder for the CSR.</summary>
    public OutputFolder Requests { get; }

    /// <summary>Whether the list had the entry before.</summary>
    public bool IsThere { get; }

    /// <summary>The path of <c>tls.json</c>.</summary>
    public string ListPath => entries.Path;

    /// <summary>Builds the entry of a request. It has the common name; the rest of the subject is in the CSR.</summary>
    public static JsonObject Of(CertificateRequest request, CertificateFileSet set)
    {
        JsonObject whole = JsonNode.Parse(RequestWriter.Write(request with { Csr = new CsrSource.File(set.RequestName) }))!.AsObject();
        return new JsonObject(Order.Where(whole.ContainsKey).Select(key => KeyValuePair.Create(key, whole[key]?.DeepClone())));
    }

    /// <summary>Opens a folder and checks that the entry can be added or is there already.</summary>
    /// <exception cref="CommandFault">The entry cannot be added.</exception>
    public static RequestedEntry Open(string folder, JsonObject entry)
    {
        GitOpsFolder.ExpectEntries(folder);
        var entries = new FolderEntries(folder);
        try
        {
            bool isThere = entries.Expect(entry);
            return new RequestedEntry(entries, entry, isThere, OutputFolder.Open(Path.Combine(folder, GitOpsEntries.CsrFolder)));
        }
        catch (EntryNotAddedException fault)
        {
            throw CommandFault.Usage(fault.Message, HowToAdd);
        }
    }

    /// <summary>Returns the path of the CSR.</summary>
    /// <exception cref="CommandFault">A file is there that must not be replaced.</exception>
    public string PathOf(CertificateFileSet set) => Requests.PathOf(set.RequestName);

    /// <summary>Checks that a CSR that is there may be replaced.</summary>
    /// <exception cref="CommandFault">It belongs to somebody else.</exception>
    public void ExpectOurs(EarlierFiles? earlier, CertificateFileSet set)
    {
        if (LossBy(earlier, set) is { } loss)
        {
            throw CommandFault.Usage(loss, HintOf(earlier!));
        }
    }

    /// <summary>Checks again while the folder is locked, as another command may have been faster.</summary>
    /// <exception cref="CommandFault">The entry can no longer be added, or the CSR that is there belongs to somebody
    /// else.</exception>
    public void ExpectStill(EarlierFiles? earlier, CertificateFileSet set)
    {
        try
        {
            entries.Expect(entry);
        }
        catch (EntryNotAddedException fault)
        {
            throw CommandFault.Fault(fault.Message, HowToAdd);
        }

        if (LossBy(earlier, set) is { } loss)
        {
            throw CommandFault.Fault(loss, HintOf(earlier!));
        }
    }

    /// <summary>Adds the entry to the list.</summary>
    /// <returns>False when it was there already.</returns>
    /// <exception cref="CommandFault">Somebody has just added a different entry of this name.</exception>
    public async Task<bool> AddAsync(CancellationToken cancellation)
    {
        try
        {
            return await entries.AddAsync(entry, cancellation);
        }
        catch (EntryNotAddedException fault)
        {
            throw CommandFault.Fault(fault.Message, HowToAdd);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Requests.Dispose();

    // The entry names the CSR, so another --name would not help.
    private string HintOf(EarlierFiles earlier) => IsThere ? "correct the entry or the CSR, or replace it: --replace" : earlier.HintIn(Requests.Folder);

    private string? LossBy(EarlierFiles? earlier, CertificateFileSet set) => earlier?.LossIn(Requests.Folder, [set.RequestName], [PathOf(set)]);
}
