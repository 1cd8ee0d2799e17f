using System.Net;
using ServerlessCA.Core;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Lambda.Composition;

/// <summary>Downloads a CRL by plain HTTP, as programs do that check certificates. It uses the proxies of the environment.</summary>
internal sealed class PublicHttp : IPublicDownload, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10); // our decision: programs that check certificates wait about as long

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None })
    {
        Timeout = Limit,
        MaxResponseContentBufferSize = CertificateRevocationList.MaxOctets,
    };

    /// <summary>Makes a client for any number of downloads.</summary>
    public PublicHttp() => http.DefaultRequestHeaders.UserAgent.ParseAdd(Product.UserAgent);

    /// <inheritdoc/>
    public async Task<DownloadOutcome> DownloadAsync(Uri address, int maxOctets, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(address, cancellation);
            ReadOnlyMemory<byte> content = answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsByteArrayAsync(cancellation) : ReadOnlyMemory<byte>.Empty;
            string? location = answer.Headers.TryGetValues("Location", out IEnumerable<string>? locations) ? locations.FirstOrDefault() : null;
            return content.Length > maxOctets
                ? new DownloadOutcome.Failure($"the answer has more than {maxOctets} bytes")
                : new DownloadOutcome.Response((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, location, content);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return new DownloadOutcome.Failure((fault.InnerException ?? fault).Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
