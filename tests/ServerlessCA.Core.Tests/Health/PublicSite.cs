using System.Collections.Concurrent;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Tests.Health;

/// <summary>What answers at the addresses in certificates: the published files, unless a test puts something else there.</summary>
internal sealed class PublicSite(MemoryPublishedFiles published) : IPublicDownload
{
    private readonly ConcurrentDictionary<string, DownloadOutcome> instead = [];

    /// <summary>What was asked for, in no order.</summary>
    public ConcurrentBag<string> Requested { get; } = [];

    /// <summary>Has an address answer something else.</summary>
    public void Answer(string address, DownloadOutcome outcome) => instead[address] = outcome;

    public Task<DownloadOutcome> DownloadAsync(Uri address, int maxOctets, CancellationToken cancellation)
    {
        Requested.Add(address.ToString());
        return Task.FromResult(instead.TryGetValue(address.ToString(), out DownloadOutcome? outcome) ? outcome
            : published.Files.TryGetValue(address.AbsolutePath[1..], out PublishedFile? file) ? new DownloadOutcome.Response(200, file.ContentType, null, file.Content)
            : new DownloadOutcome.Response(404, "text/html", null, ReadOnlyMemory<byte>.Empty));
    }
}
