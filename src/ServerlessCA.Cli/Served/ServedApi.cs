using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Api;

namespace ServerlessCA.Cli.Served;

/// <summary>Calls the API of a served CA, <c>/api/v1</c> (docs/api.md).</summary>
internal sealed class ServedApi : IDisposable
{
    private const string Root = "api/v1/";
    private const int MaxAnswerOctets = 64 * 1024 * 1024; // octets, our decision: more than any answer that is no attack

    private const int MostUnannounced = 64 * 1024; // octets, our decision: of a larger body the server first says whether it takes it

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60); // our decision

    private readonly Location.Served location;
    private readonly HttpClient http;
    private readonly TimeProvider clock;
    private bool isNamed; // whether it is known that the CA is the one that is meant

    private ServedApi(Location.Served location, HttpClient http, TimeProvider clock)
    {
        this.location = location;
        this.http = http;
        this.clock = clock;
        isNamed = location.Function is { Project: null, Environment: null };
    }

    /// <summary>The address, without project and environment.</summary>
    public Uri Address => location.Address;

    /// <summary>Prepares the connection; nothing is sent yet.</summary>
    /// <param name="location">The address, and perhaps project and environment.</param>
    /// <param name="access">The credentials, and what is trusted.</param>
    /// <param name="clock">Limits how long an answer may take.</param>
    /// <param name="connected">Gets each TLS connection once it stands; null: nobody wants to know.</param>
    /// <exception cref="CommandFault">A file for the access is not valid, or the token would be sent in the clear.</exception>
    public static ServedApi Open(Location.Served location, ServedAccess access, TimeProvider clock, Action<SslStream>? connected = null) =>
        new(location, ServedHttp.Open(location.Address, access, Timeout.InfiniteTimeSpan, MaxAnswerOctets, connected), clock);

    /// <summary>Reads a document.</summary>
    /// <param name="path">Below <c>/api/v1/</c>, encoded, with its query.</param>
    /// <param name="read">Reads the document.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="AuthorityFault">There is no answer, a refusal, or another answer.</exception>
    public async Task<T> GetAsync<T>(string path, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellation)
    {
        await ExpectNamesAsync(cancellation);
        (HttpStatusCode status, byte[] body) = await SendAsync(HttpMethod.Get, path, null, AnswerTimeout, cancellation);
        return status == HttpStatusCode.OK ? Read(body, read) : throw ServedApiFault.OfAnswer(Address, status, body);
    }

    /// <summary>Reads a document that may not be there.</summary>
    /// <param name="path">Below <c>/api/v1/</c>, encoded, with its query.</param>
    /// <param name="read">Reads the document.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>Null when the CA says that it has no such thing.</returns>
    /// <exception cref="AuthorityFault">There is no answer, another refusal, or another answer.</exception>
    public async Task<T?> FindAsync<T>(string path, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellation)
        where T : class
    {
        await ExpectNamesAsync(cancellation);
        (HttpStatusCode status, byte[] body) = await SendAsync(HttpMethod.Get, path, null, AnswerTimeout, cancellation);
        return status == HttpStatusCode.OK ? Read(body, read)
            : ServedApiFault.IsNotFound(status, body) ? null
            : throw ServedApiFault.OfAnswer(Address, status, body);
    }

    /// <summary>Has something done, and reads what came of it. Giving the same command again is safe.</summary>
    /// <param name="path">Below <c>/api/v1/</c>.</param>
    /// <param name="json">What is to be done.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellation">Stops waiting; the CA may go on.</param>
    /// <exception cref="AuthorityFault">There is no answer, a refusal, or another answer.</exception>
    /// <exception cref="CommandFault">The CA does not do this, whoever wants it.</exception>
    public async Task<T> PostAsync<T>(string path, byte[] json, TimeSpan timeout, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellation)
    {
        await ExpectNamesAsync(cancellation);
        (HttpStatusCode status, byte[] body) = await SendAsync(HttpMethod.Post, path, json, timeout, cancellation);
        return status == HttpStatusCode.OK ? Read(body, read)
            : ServedApiFault.RefusalOf(status, body) is { } refusal ? throw refusal
            : status == HttpStatusCode.Unauthorized && (await NamesAsync(cancellation)).SignIn.Count == 0 ? throw ServedApiFault.OfReadOnly(Address)
            : throw ServedApiFault.OfAnswer(Address, status, body);
    }

    /// <summary>Reads what the CA is called.</summary>
    /// <exception cref="AuthorityFault">There is no answer, or another one.</exception>
    public async Task<SessionDescription> NamesAsync(CancellationToken cancellation)
    {
        (HttpStatusCode status, byte[] body) = await SendAsync(HttpMethod.Get, "session", null, AnswerTimeout, cancellation);
        return status == HttpStatusCode.OK ? Read(body, SessionDocument.Read) : throw ServedApiFault.OfAnswer(Address, status, body);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    // Who names project and environment must not get what another CA has at the same address.
    private async Task ExpectNamesAsync(CancellationToken cancellation)
    {
        if (isNamed)
        {
            return;
        }

        SessionDescription names = await NamesAsync(cancellation);
        isNamed = (location.Function.Project ?? names.Project) == names.Project && (location.Function.Environment ?? names.Environment) == names.Environment
            ? true
            : throw new AuthorityFault(
                AuthorityFaultKind.NotFound, $"'{Address}' has the CA of project '{names.Project}' and environment '{names.Environment}'", "check address, project and env: http(s)://HOST:PORT?project=NAME&env=NAME");
    }

    private T Read<T>(byte[] body, Func<ReadOnlyMemory<byte>, T> read)
    {
        try
        {
            return read(body);
        }
        catch (UnreadableDocumentException fault)
        {
            throw ServedFault.NotUnderstood(Address, mayBeIssued: false, fault);
        }
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(
        HttpMethod method, string path, byte[]? json, TimeSpan timeout, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(method, new Uri($"{Address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{Root}{path}"));
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (json is not null)
        {
            message.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            message.Headers.ExpectContinue = json.Length > MostUnannounced;
        }

        using var late = new CancellationTokenSource(timeout, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(message, stop.Token);
            return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(stop.Token));
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new AuthorityFault(
                AuthorityFaultKind.Failed, $"'{Address}' answered with more than {MaxAnswerOctets >> 20} MiB", "look for less: a filter, or a smaller --limit", cause: fault);
        }
        catch (HttpRequestException fault)
        {
            throw ServedFault.OfConnection(Address, fault, mayBeIssued: false, mayGoOn: json is not null);
        }
        catch (OperationCanceledException fault) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new AuthorityFault(
                AuthorityFaultKind.Unreachable, $"no answer from '{Address}' within {timeout.TotalSeconds:0} seconds",
                ServedFault.AfterNoAnswer(mayGoOn: json is not null), cause: fault);
        }
    }
}
