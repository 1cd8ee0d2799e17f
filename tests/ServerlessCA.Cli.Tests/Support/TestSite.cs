using System.Collections.Concurrent;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Answers at the addresses in certificates. Nothing in this process uses the network.</summary>
public sealed class TestSite(Func<Uri, Task<DownloadOutcome>> answer) : IPublicDownload
{
    /// <summary>A site that never answers.</summary>
    public static TestSite Nobody => new(_ => Task.FromResult<DownloadOutcome>(new DownloadOutcome.Failure("tests have no network")));

    /// <summary>The addresses that were requested, in no order.</summary>
    public ConcurrentBag<string> Requested { get; } = [];

    public Task<DownloadOutcome> DownloadAsync(Uri address, int maxOctets, CancellationToken cancellation)
    {
        Requested.Add(address.ToString());
        return answer(address);
    }
}
