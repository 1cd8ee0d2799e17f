using System.Net;
using System.Net.Security;
using ServerlessCA.Core;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Trust;

namespace ServerlessCA.Local.Downloads;

/// <summary>Downloads over HTTP. It uses the proxies of the environment (<c>http_proxy</c>, <c>no_proxy</c>).</summary>
public sealed class HttpDownload : IPublicDownload, IDisposable
{
    private const int MaxHeaderKilobytes = 32;

    private static readonly ServerTrust Trust = new("programs that check certificates may not trust it either: publish by http, or have a certificate of a CA that they trust");

    private readonly TimeProvider clock;
    private readonly HttpClient http;

    /// <summary>Makes a client for any number of downloads.</summary>
    /// <param name="clock">Measures the timeout.</param>
    /// <param name="proxy">Replaces the environment's proxy; null: the environment's is used.</param>
    public HttpDownload(TimeProvider clock, IWebProxy? proxy = null)
    {
        this.clock = clock;
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            Proxy = proxy,
            SslOptions =
            {
                RemoteCertificateValidationCallback = (connection, certificate, chain, errors) => Trust.Accepts(
                    errors == SslPolicyErrors.None, errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch), certificate, chain, ((SslStream)connection).TargetHostName),
            },
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd(Product.UserAgent);
    }

    /// <summary>The timeout for a whole response; our decision: programs that check certificates wait about as
    /// long.</summary>
    public static TimeSpan TimeLimit { get; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task<DownloadOutcome> DownloadAsync(Uri address, int maxOctets, CancellationToken cancellation)
    {
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
        {
            return new DownloadOutcome.Failure("only addresses of HTTP are fetched");
        }

        using var limit = new CancellationTokenSource(TimeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await GetAsync(address, maxOctets, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new DownloadOutcome.Failure($"no whole answer came within {TimeLimit.TotalSeconds:F0} seconds");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            cancellation.ThrowIfCancellationRequested();
            return new DownloadOutcome.Failure(WhyNot(fault));
        }
    }

    private static string WhyNot(Exception fault) => fault is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
        ? TlsFault.Of(fault).Text
        : (fault.InnerException ?? fault).Message;

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<DownloadOutcome> GetAsync(Uri address, int maxOctets, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        int status = (int)answer.StatusCode;
        string? location = answer.Headers.TryGetValues("Location", out IEnumerable<string>? locations) ? locations.FirstOrDefault() : null;
        byte[]? content = answer.StatusCode == HttpStatusCode.OK ? await ReadAsync(answer.Content, maxOctets, cancellation) : [];
        return content is null
            ? new DownloadOutcome.Failure($"the answer has more than {maxOctets} bytes")
            : new DownloadOutcome.Response(status, answer.Content.Headers.ContentType?.MediaType, location, content);
    }

    // Whatever length the server names, no more is stored than has come.
    private static async Task<byte[]?> ReadAsync(HttpContent content, int maxOctets, CancellationToken cancellation)
    {
        using var received = new MemoryStream();
        await using Stream stream = await content.ReadAsStreamAsync(cancellation);
        byte[] buffer = new byte[64 * 1024];
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
