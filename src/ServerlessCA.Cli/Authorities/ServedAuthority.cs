using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Trust;

namespace ServerlessCA.Cli.Authorities;

/// <summary>Requests certificates from a CA behind HTTP that offers the Lambda Invoke API, as <c>serve</c> does.</summary>
internal sealed class ServedAuthority : IAuthority
{
    private const int MaxAnswerOctets = 8 * 1024 * 1024; // octets; AWS quota: an answer has at most 6 MB

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60); // that of the tls-cert function

    private readonly Uri address;
    private readonly HttpClient http;
    private readonly FunctionName function;

    private ServedAuthority(Uri address, FunctionName function, HttpClient http)
    {
        this.address = address;
        this.function = function;
        this.http = http;
    }

    /// <summary>Prepares the connection; nothing is sent yet.</summary>
    /// <exception cref="CommandFault">A file for the access is not valid, or the token would be sent in the
    /// clear.</exception>
    public static ServedAuthority Open(Uri address, FunctionName function, ServedAccess access)
    {
        HttpClient http = ServedHttp.Open(address, access, AnswerTimeout, MaxAnswerOctets);
        return new ServedAuthority(address, function, http);
    }

    /// <inheritdoc/>
    public async Task<AuthorityAnswer> RequestAsync(CertificateRequest request, CancellationToken cancellation)
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

/// <summary>Finds the function that issues certificates by its name, as on AWS: <c>{project}-tls-cert-{env}</c> (contract
/// section 1). Immutable.</summary>
/// <param name="Project">The project; null for any.</param>
/// <param name="Environment">The environment; null for any.</param>
internal sealed record FunctionName(string? Project, string? Environment)
{
    private const int MaxPages = 1000; // 50 functions each: more than an account can have

    private static readonly string Middle = new CaNames("", "", []).Function(CaFunction.TlsCert);

    /// <summary>Lists the functions and returns the name of the one that fits.</summary>
    /// <param name="list">Gets a page of the list by its marker.</param>
    /// <param name="address">The server's address, for messages.</param>
    /// <param name="cancellation">Stops the listing.</param>
    /// <exception cref="AuthorityFault">No function fits, or several do.</exception>
    public async Task<string> FindAsync(Func<string?, CancellationToken, Task<string>> list, Uri address, CancellationToken cancellation)
    {
        var found = new List<string>();
        string? marker = null;
        for (int page = 0; page < MaxPages; page++)
        {
            marker = Read(await list(marker, cancellation), address, found);
            if (marker is null)
            {
                break;
            }
        }

        return found switch
        {
            [string only] => only,
            [] => throw new AuthorityFault(
                AuthorityFaultKind.NotFound, $"'{address}' has no function '{Wanted}'", "check address, project and env: http(s)://HOST:PORT?project=NAME&env=NAME"),
            _ => throw new AuthorityFault(
                AuthorityFaultKind.NotFound, $"'{address}' has several CAs: {string.Join(", ", found)}", "say which: http(s)://HOST:PORT?project=NAME&env=NAME"),
        };
    }

    private string Wanted => $"{Project ?? "…"}{Middle}{Environment ?? "…"}";

    private string? Read(string json, Uri address, List<string> found)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            found.AddRange(document.RootElement.GetProperty("Functions").EnumerateArray()
                .Select(function => function.GetProperty("FunctionName").GetString()!).Where(IsIt));
            return document.RootElement.TryGetProperty("NextMarker", out JsonElement next) ? next.GetString() : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw ServedFault.NotUnderstood(address, mayBeIssued: false, fault);
        }
    }

    private bool IsIt(string name)
    {
        int at = name.LastIndexOf(Middle, StringComparison.Ordinal);
        return at > 0 && (Project is null || name[..at] == Project) && (Environment is null || name[(at + Middle.Length)..] == Environment);
    }
}

/// <summary>Turns failures of a server, or of the connection to it, into faults with a clear message.</summary>
internal static class ServedFault
{
    /// <summary>What to do for a CA that does not know the caller.</summary>
    public const string HowToSignIn = "give the token (variable SERVERLESS_CA_TOKEN, or --token-file) or a client certificate (--client-cert)";

    private const int MaxShown = 300; // characters of a foreign message

    /// <summary>Builds the fault of a connection that failed.</summary>
    /// <param name="address">The server's address.</param>
    /// <param name="fault">The exception of the platform.</param>
    /// <param name="mayBeIssued">Whether the request issues a certificate if it arrived.</param>
    /// <param name="mayGoOn">Whether the request has something done that the CA completes without its caller.</param>
    public static AuthorityFault OfConnection(Uri address, HttpRequestException fault, bool mayBeIssued, bool mayGoOn = false)
    {
        (string what, string hint) = fault.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => (InnermostOf(fault), "check the host's name"),
            HttpRequestError.ConnectionError => (InnermostOf(fault), "check address and port, and whether the CA is served there"),
            HttpRequestError.ProxyTunnelError => (InnermostOf(fault), "check the proxy of the environment: https_proxy, no_proxy"),
            HttpRequestError.SecureConnectionError => OfTls(TlsFault.Of(fault, "--client-cert")),
            _ => ("", ""),
        };
        return what.Length > 0
            ? new AuthorityFault(AuthorityFaultKind.Unreachable, $"'{address}' cannot be reached: {what}", hint, cause: fault)
            : Lost(address, fault, mayBeIssued, mayGoOn);
    }

    /// <summary>Returns what to do when no answer came.</summary>
    /// <param name="mayGoOn">Whether the request has something done that the CA completes without its caller.</param>
    public static string AfterNoAnswer(bool mayGoOn) => mayGoOn ? "the CA may go on with it: give the same command again" : "try again";

    // The request was sent, and the answer is not all there.
    private static AuthorityFault Lost(Uri address, HttpRequestException fault, bool mayBeIssued, bool mayGoOn)
    {
        string what = fault.HttpRequestError switch
        {
            HttpRequestError.ResponseEnded => $"'{address}' ended the connection before its answer was complete",
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => $"what '{address}' answered is not HTTP",
            _ => $"the connection to '{address}' was lost: {InnermostOf(fault)}",
        };
        string orTls = address.Scheme == Uri.UriSchemeHttp ? "; if it serves TLS, write https://" : "";
        return new AuthorityFault(AuthorityFaultKind.Unreachable, what, AfterNoAnswer(mayGoOn) + orTls, mayBeIssued, fault);
    }

    private static (string What, string Hint) OfTls(TlsFault fault) => (fault.Message, fault.Hint);

    private static string InnermostOf(Exception fault)
    {
        while (fault.InnerException is { } inner)
        {
            fault = inner;
        }

        return fault.Message;
    }

    /// <summary>Builds the fault of a status other than success.</summary>
    public static AuthorityFault OfStatus(Uri address, HttpResponseMessage answer, string text, bool mayBeIssued)
    {
        string reason = MessageOf(text) is { } message ? $": {message}" : "";
        string status = $"'{address}' answered {(int)answer.StatusCode}{reason}";
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
                AuthorityFaultKind.NoPermission, status, HowToSignIn),
            HttpStatusCode.NotFound => new(AuthorityFaultKind.NotFound, status, "check the address: no CA answers there"),
            HttpStatusCode.TooManyRequests => new(AuthorityFaultKind.Throttled, status, "try again in a minute"),
            < HttpStatusCode.BadRequest => new(AuthorityFaultKind.NotFound, status, "give the address that it leads to"),
            < HttpStatusCode.InternalServerError => new(AuthorityFaultKind.Failed, status, "the request does not do for this CA"),
            _ => new(AuthorityFaultKind.Failed, status, "try again; the CA's log tells more", mayBeIssued),
        };
    }

    /// <summary>Builds the fault of a function that failed: its answer is an error, not a refusal.</summary>
    public static AuthorityFault OfFunction(Uri address, string text) => new(
        AuthorityFaultKind.Failed, $"the CA at '{address}' failed: {MessageOf(text) ?? "it does not say why"}", "try again; the CA's log tells more", mayBeIssued: true);

    /// <summary>Builds the fault of an answer that no CA gives.</summary>
    public static AuthorityFault NotUnderstood(Uri address, bool mayBeIssued, Exception fault) => new(
        AuthorityFaultKind.NotFound, $"what '{address}' answered is not a CA's answer: {fault.Message}", "check the address", mayBeIssued, fault);

    // The Lambda API writes Message, some of its faults have message, and functions have errorMessage.
    private static string? MessageOf(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            string? message = document.RootElement.ValueKind != JsonValueKind.Object ? null
                : document.RootElement.EnumerateObject()
                    .Where(member => member.Name is "Message" or "message" or "errorMessage" && member.Value.ValueKind == JsonValueKind.String)
                    .Select(member => member.Value.GetString()).FirstOrDefault();
            return message is { Length: > MaxShown } ? message[..MaxShown] : message;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
