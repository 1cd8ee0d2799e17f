using System.Collections.Concurrent;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>What answers at the addresses in certificates. Nothing in this process goes out to the network.</summary>
public sealed class TestSite(Func<Uri, Task<DownloadOutcome>> answer) : IPublicDownload
{
    /// <summary>Nobody answers.</summary>
    public static TestSite Nobody => new(_ => Task.FromResult<DownloadOutcome>(new DownloadOutcome.Failure("tests have no network")));

    /// <summary>What was asked for, in no order.</summary>
    public ConcurrentBag<string> Asked { get; } = [];

    public Task<DownloadOutcome> DownloadAsync(Uri address, int maxOctets, CancellationToken cancellation)
    {
        Asked.Add(address.ToString());
        return answer(address);
    }
}
