using System.Globalization;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Cli.Files;

/// <summary>Reads what was published: a file, standard input, or an address of HTTP. What it holds is signed, so plain HTTP
/// will do.</summary>
internal static class PublishedInput
{
    /// <summary>The bytes.</summary>
    /// <param name="source">A file, <c>-</c>, or an address.</param>
    /// <param name="option">The option's name, for messages.</param>
    /// <param name="maxOctets">More is refused.</param>
    /// <param name="here">Has standard input, the time and the network.</param>
    /// <param name="cancellation">Stops waiting for more.</param>
    /// <exception cref="CommandFault">It cannot be read or fetched, or is too large.</exception>
    public static async Task<byte[]> ReadAsync(string source, string option, int maxOctets, Surroundings here, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(source, UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            return await AnyInput.ReadAsync(source, option, maxOctets, here, cancellation);
        }

        IPublicDownload download = here.PublicDownload();
        using var _ = download as IDisposable;
        return await download.DownloadAsync(address, maxOctets, cancellation) switch
        {
            DownloadOutcome.Response { Status: 200, Content: var content } => content.ToArray(),
            DownloadOutcome.Response { Location: { } location } => throw NotDownloaded(source, option, $"the answer leads to '{location}', which is not followed"),
            DownloadOutcome.Response { Status: var status } => throw NotDownloaded(source, option, string.Create(CultureInfo.InvariantCulture, $"the answer has status {status}")),
            DownloadOutcome.Failure { Why: var why } => throw NotDownloaded(source, option, why),
            _ => throw new InvalidOperationException("an outcome that is none"),
        };
    }

    private static CommandFault NotDownloaded(string source, string option, string why) =>
        CommandFault.Fault($"{option} '{source}' cannot be fetched: {why}", "check the address, or give a file");
}
