using System.Text.Json.Nodes;
using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Requests;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Cli.Requesting;

/// <summary>An entry of a GitOps folder's <c>tls.json</c>, and the folder for its CSR.</summary>
internal sealed class RequestedEntry : IDisposable
{
    private const string HowToAdd = "to renew it give the same --name and nothing else, or edit the entry by hand";

    // As people write them; an entry that is added has no others.
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

    /// <summary>Where the CSR goes.</summary>
    public OutputFolder Requests { get; }

    /// <summary>Whether the list had the entry.</summary>
    public bool IsThere { get; }

    /// <summary>The list.</summary>
    public string ListPath => entries.Path;

    /// <summary>The entry for a request: the rest of the subject is in the CSR.</summary>
    public static JsonObject Of(CertificateRequest request, CertificateFileSet set)
    {
        JsonObject whole = JsonNode.Parse(RequestWriter.Write(request with { Csr = new CsrSource.File(set.RequestName) }))!.AsObject();
        return new JsonObject(Order.Where(whole.ContainsKey).Select(key => KeyValuePair.Create(key, whole[key]?.DeepClone())));
    }

    /// <summary>Looks whether the folder takes the entry, or has it already.</summary>
    /// <exception cref="CommandFault">It does not.</exception>
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

    /// <summary>Where the CSR will be.</summary>
    /// <exception cref="CommandFault">There is something that is not replaced.</exception>
    public string PathOf(CertificateFileSet set) => Requests.PathOf(set.RequestName);

    /// <summary>Looks whether a CSR that is there may be replaced.</summary>
    /// <exception cref="CommandFault">It is somebody else's.</exception>
    public void ExpectOurs(EarlierFiles? earlier, CertificateFileSet set)
    {
        if (LossBy(earlier, set) is { } loss)
        {
            throw CommandFault.Usage(loss, HintOf(earlier!));
        }
    }

    /// <summary>Looks again, now that it is this command's turn: another one may have been faster.</summary>
    /// <exception cref="CommandFault">The list no longer takes the entry, or the CSR that is there is somebody else's.</exception>
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

    /// <summary>Adds the entry.</summary>
    /// <returns>False when it is there already.</returns>
    /// <exception cref="CommandFault">Somebody has just added another one.</exception>
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

    // The entry names the CSR: another --name would not be asked for.
    private string HintOf(EarlierFiles earlier) => IsThere ? "correct the entry or the CSR, or replace it: --replace" : earlier.HintIn(Requests.Folder);

    private string? LossBy(EarlierFiles? earlier, CertificateFileSet set) => earlier?.LossIn(Requests.Folder, [set.RequestName], [PathOf(set)]);
}
