using System.Net;
using ServerlessCA.Core;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Lambda.Composition;

/// <summary>Downloads a CRL as programs do that check certificates. It uses the proxies of the environment, and leaves the timeout to its
/// caller. It resembles <c>HttpDownload</c> of <c>ServerlessCA.Local</c>, which is not used here: adapters share no code, the core has no
/// network, and with that project SQLite and mail would come into the functions' program.</summary>
internal sealed class PublicHttp : IPublicDownload, IDisposable
{
    private const int MaxHeaderKilobytes = 32;

    private readonly HttpClient http;

    /// <summary>Makes a client for any number of downloads.</summary>
    /// <param name="proxy">Replaces the environment's proxy; null: the environment's is used.</param>
    public PublicHttp(IWebProxy? proxy = null)
    {
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            PooledConnectionLifetime = TimeSpan.Zero, // hours pass between two downloads, in which the address may change
            Proxy = proxy,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd(Product.UserAgent);
    }

    /// <inheritdoc/>
    public async Task<DownloadOutcome> DownloadAsync(Uri address, int maxOctets, CancellationToken cancellation)
    {
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
        {
            return new DownloadOutcome.Failure("only addresses of HTTP are fetched");
        }

        try
        {
            using HttpResponseMessage answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
            string? location = answer.Headers.TryGetValues("Location", out IEnumerable<string>? locations) ? locations.FirstOrDefault() : null;
            byte[]? content = answer.StatusCode == HttpStatusCode.OK ? await ReadAsync(answer.Content, maxOctets, cancellation) : [];
            return content is null
                ? new DownloadOutcome.Failure($"the answer has more than {maxOctets} bytes")
                : new DownloadOutcome.Response((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, location, content);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            cancellation.ThrowIfCancellationRequested();
            return new DownloadOutcome.Failure((fault.InnerException ?? fault).Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    // Whatever length the server names, no more is stored than has come.
    private static async Task<byte[]?> ReadAsync(HttpContent content, int maxOctets, CancellationToken cancellation)
    {
        using var received = new MemoryStream();
        await using Stream stream = await content.ReadAsStreamAsync(cancellation);
        byte[] buffer = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (received.Length + read > maxOctets)
            {
                return null;
            }

            received.Write(buffer, 0, read);
        }

        return received.ToArray();
    }
}
