using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ServerlessCA.Core;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Authorities.Served;

/// <summary>A CA behind HTTP that speaks the Lambda Invoke API, as <c>serve</c> does.</summary>
internal sealed class ServedAuthority : IAuthority
{
    private const int MaxAnswerOctets = 8 * 1024 * 1024; // AWS quota: an answer has at most 6 MB

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10); // our decision
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60); // the tls-cert function has as long

    private readonly Uri address;
    private readonly HttpClient http;
    private readonly FunctionName function;

    private ServedAuthority(Uri address, FunctionName function, HttpClient http)
    {
        this.address = address;
        this.function = function;
        this.http = http;
    }

    /// <summary>Prepares; nothing is sent yet.</summary>
    /// <exception cref="CommandFault">The access files do not do, or a secret would travel in the clear.</exception>
    public static ServedAuthority Open(Uri address, FunctionName function, ServedAccess access)
    {
        string? token = access.ReadToken();
        if (token is not null && address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
        {
            throw CommandFault.Usage($"'{address}': the token would be sent in the clear", "write https://, or leave the token out");
        }

        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = ConnectTimeout, SslOptions = access.Tls() };
        var http = new HttpClient(handler) { Timeout = AnswerTimeout, MaxResponseContentBufferSize = MaxAnswerOctets };
        http.DefaultRequestHeaders.UserAgent.ParseAdd(Product.UserAgent);
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return new ServedAuthority(address, function, http);
    }

    /// <inheritdoc/>
    public async Task<AuthorityAnswer> AskAsync(CertificateRequest request, CancellationToken cancellation)
    {
        string name = await function.FindAsync(ListAsync, address, cancellation);
        using var content = new ReadOnlyMemoryContent(RequestWriter.Write(request));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var message = new HttpRequestMessage(HttpMethod.Post, At($"2015-03-31/functions/{Uri.EscapeDataString(name)}/invocations")) { Content = content };
        (HttpResponseMessage answer, string text) = await SendAsync(message, mayBeIssued: true, cancellation);
        using (answer)
        {
            if (answer.Headers.TryGetValues("X-Amz-Function-Error", out _))
            {
                throw ServedFault.OfFunction(address, text);
            }

            try
            {
                return AuthorityAnswer.Read(text);
            }
            catch (JsonException fault)
            {
                throw ServedFault.NotUnderstood(address, mayBeIssued: true, fault);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<string> ListAsync(string? marker, CancellationToken cancellation)
    {
        string query = marker is null ? "" : $"?Marker={Uri.EscapeDataString(marker)}";
        using var message = new HttpRequestMessage(HttpMethod.Get, At($"2015-03-31/functions/{query}"));
        (HttpResponseMessage answer, string text) = await SendAsync(message, mayBeIssued: false, cancellation);
        answer.Dispose();
        return text;
    }

    private async Task<(HttpResponseMessage Answer, string Text)> SendAsync(
        HttpRequestMessage message, bool mayBeIssued, CancellationToken cancellation)
    {
        try
        {
            HttpResponseMessage answer = await http.SendAsync(message, cancellation);
            string text = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(cancellation));
            return answer.IsSuccessStatusCode ? (answer, text) : throw ServedFault.OfStatus(address, answer, text, mayBeIssued);
        }
        catch (HttpRequestException fault)
        {
            throw ServedFault.OfConnection(address, fault, mayBeIssued);
        }
        catch (OperationCanceledException fault) when (mayBeIssued || !cancellation.IsCancellationRequested)
        {
            string what = cancellation.IsCancellationRequested ? "stopped while the CA was at work" : $"no answer from '{address}' within {AnswerTimeout.TotalSeconds:0} seconds";
            throw new AuthorityFault(AuthorityFaultKind.Unreachable, what, "try again", mayBeIssued, fault);
        }
    }

    private Uri At(string path) => new($"{address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{path}");
}
