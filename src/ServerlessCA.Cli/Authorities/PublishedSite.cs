using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Cli.Authorities;

/// <summary>Reads what a served CA publishes to everybody: its page lists the files. No token is sent.</summary>
internal sealed partial class PublishedSite : IDisposable
{
    private const int MaxOctets = 64 * 1024 * 1024; // octets, our decision: a CRL with a million entries has about half

    private const int MaxFiles = 100; // our decision: `serve` publishes nine

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60); // our decision

    private readonly Uri address;
    private readonly HttpClient http;
    private string? page;

    /// <summary>Prepares the connection; nothing is sent yet.</summary>
    /// <param name="address">The address of the served CA.</param>
    /// <param name="tls">The options of TLS connections.</param>
    public PublishedSite(Uri address, SslClientAuthenticationOptions tls)
    {
        this.address = address;
        http = ServedHttp.Create(address, tls, AnswerTimeout, MaxOctets);
    }

    /// <summary>Downloads the files whose names have an ending, such as <c>.crl</c>, one by one as they are read. The page is
    /// downloaded once.</summary>
    /// <exception cref="AuthorityFault">There is no connection, or no CA is served there.</exception>
    public async IAsyncEnumerable<byte[]> ReadAllAsync(string ending, [EnumeratorCancellation] CancellationToken cancellation)
    {
        page ??= System.Text.Encoding.UTF8.GetString(await ReadAsync("", cancellation));
        foreach (string name in Links().Matches(page).Select(link => link.Groups[1].Value).Where(name => name.EndsWith(ending, StringComparison.Ordinal)).Take(MaxFiles))
        {
            yield return await ReadAsync(name, cancellation);
        }
    }

    /// <summary>Downloads the certificates of the CAs, each once.</summary>
    /// <exception cref="AuthorityFault">There is no connection, or no CA is served there.</exception>
    public async Task<IReadOnlyList<Certificate>> CertificatesAsync(CancellationToken cancellation)
    {
        var found = new List<Certificate>();
        await foreach (byte[] content in ReadAllAsync(Core.Settings.CaNames.CertificateFile(""), cancellation))
        {
            if (Certificate.TryDecodePem(System.Text.Encoding.Latin1.GetString(content), out Certificate? certificate))
            {
                found.Add(certificate);
            }
        }

        return found.Count > 0 ? found : throw new AuthorityFault(
            AuthorityFaultKind.NotFound, $"'{address}' publishes no certificate of a CA", "check the address: it is that of 'serverless-ca serve'");
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<byte[]> ReadAsync(string name, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri($"{address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{name}"), cancellation);
            byte[] content = await answer.Content.ReadAsByteArrayAsync(cancellation);
            return answer.StatusCode == HttpStatusCode.OK ? content : throw ServedFault.OfStatus(address, answer, "", mayBeIssued: false);
        }
        catch (HttpRequestException fault)
        {
            throw ServedFault.OfConnection(address, fault, mayBeIssued: false);
        }
        catch (OperationCanceledException fault) when (!cancellation.IsCancellationRequested)
        {
            throw new AuthorityFault(AuthorityFaultKind.Unreachable, $"no answer from '{address}' within {AnswerTimeout.TotalSeconds:0} seconds", "try again", cause: fault);
        }
    }

    // Names are as `serve` writes them; anything else, such as a path, is none of a published file.
    [GeneratedRegex("<a href=\"/?([A-Za-z0-9._%-]+)\">")]
    private static partial Regex Links();
}
