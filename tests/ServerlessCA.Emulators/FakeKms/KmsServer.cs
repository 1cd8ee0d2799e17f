using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ServerlessCA.Emulators.FakeKms;

/// <summary>Emulates KMS on a loopback port, in AWS JSON 1.1. It checks what the real one checks: key spec against algorithm,
/// usage, digest and mu length, message type, 4,096 bytes of RAW, key state, unknown aliases, permissions. It throttles or
/// fails on demand, and does not check the signatures of requests.</summary>
public sealed class KmsServer : IAsyncDisposable
{
    private readonly KmsStore store = new();
    private readonly ConcurrentDictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Type, int Status)> failures = new();
    private readonly WebApplication app;

    private KmsServer(WebApplication app) => this.app = app;

    /// <summary>The address at which it listens.</summary>
    public Uri Address => new(app.Urls.Single());

    /// <summary>Returns the number of requests of an action so far, with the refused ones.</summary>
    public int Count(string action) => counts.GetValueOrDefault(action);

    /// <summary>The number of all requests so far.</summary>
    public int Total => counts.Values.Sum();

    /// <summary>Starts a service without keys.</summary>
    public static async Task<KmsServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var server = new KmsServer(builder.Build());
        server.app.Run(server.AnswerAsync);
        await server.app.StartAsync();
        return server;
    }

    /// <summary>Creates a key and points an alias to it. The alias may have had another key.</summary>
    /// <param name="alias">The alias, with <c>alias/</c>.</param>
    /// <param name="spec">The key spec as KMS names it, or <c>SYMMETRIC_DEFAULT</c>.</param>
    /// <param name="usage">The key usage; null: the usual one of the spec.</param>
    public void CreateKey(string alias, string spec, string? usage = null)
    {
        KmsKind kind = KmsKind.Of(spec) ?? throw new ArgumentException($"no key spec '{spec}'", nameof(spec));
        store.Create(alias, kind, usage ?? kind.Usage);
    }

    /// <summary>Points an alias to the key of another alias.</summary>
    public void SetAlias(string alias, string other) => store.Point(alias, other);

    /// <summary>Sets the state of the alias's key: <c>Enabled</c>, <c>Disabled</c>, <c>PendingDeletion</c>.</summary>
    public void SetState(string alias, string state) => store.Of(alias).State = state;

    /// <summary>Sets whether the caller may use the alias's key.</summary>
    public void Allow(string alias, bool allowed) => store.Of(alias).IsAllowed = allowed;

    /// <summary>Returns the DER SubjectPublicKeyInfo of the alias's key.</summary>
    public byte[] PublicKey(string alias) => store.Of(alias).PublicKey();

    /// <summary>Fails the next requests: <c>ThrottlingException</c> (400), <c>KMSInternalException</c> (500),
    /// <c>DependencyTimeoutException</c> (503) …</summary>
    public void FailNext(string type, int status, int times = 1)
    {
        for (int count = 0; count < times; count++)
        {
            failures.Enqueue((type, status));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        store.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        string action = http.Request.Headers["X-Amz-Target"].ToString().Replace("TrentService.", "", StringComparison.Ordinal);
        counts.AddOrUpdate(action, 1, (_, count) => count + 1);
        JsonObject answer;
        try
        {
            // Kestrel allows only asynchronous reads.
            using JsonDocument request = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            answer = failures.TryDequeue(out (string Type, int Status) failure)
                ? throw new KmsError(failure.Type, "On demand.", failure.Status)
                : new KmsActions(store).Answer(action, request.RootElement);
        }
        catch (KmsError error)
        {
            http.Response.StatusCode = error.Status;
            answer = new JsonObject { ["__type"] = error.Type, ["message"] = error.Message };
        }

        http.Response.ContentType = "application/x-amz-json-1.1";
        http.Response.Headers["x-amzn-RequestId"] = $"request-{Total}";
        await http.Response.WriteAsync(answer.ToJsonString(), http.RequestAborted);
    }
}
