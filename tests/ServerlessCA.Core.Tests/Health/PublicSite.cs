using System.Collections.Concurrent;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Tests.Health;

/// <summary>What answers at the addresses in certificates: the published files, unless a test puts something else there.</summary>
internal sealed class PublicSite(MemoryPublishedFiles published) : IPublicFetch
{
    private readonly ConcurrentDictionary<string, FetchOutcome> instead = [];

    /// <summary>What was asked for, in no order.</summary>
    public ConcurrentBag<string> Asked { get; } = [];

    /// <summary>Has an address answer something else.</summary>
    public void Answer(string address, FetchOutcome outcome) => instead[address] = outcome;

    public Task<FetchOutcome> FetchAsync(Uri address, int maxOctets, CancellationToken cancellation)
    {
        Asked.Add(address.ToString());
        return Task.FromResult(instead.TryGetValue(address.ToString(), out FetchOutcome? outcome) ? outcome
            : published.Files.TryGetValue(address.AbsolutePath[1..], out PublishedFile? file) ? new FetchOutcome.Answer(200, file.ContentType, null, file.Content)
            : new FetchOutcome.Answer(404, "text/html", null, ReadOnlyMemory<byte>.Empty));
    }
}
