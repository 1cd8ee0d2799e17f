using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ServerlessCA.Emulators.Storage;

/// <summary>A proxy before an S3 emulator that ignores <c>If-Match</c> and <c>If-None-Match</c>. It answers as S3 does
/// ("Conditional writes" and "Conditional reads" of its user guide): 304, 412, 404 where there is nothing to match, and one
/// winner of several. Its ETags are new with every write and no digests, as those of a bucket encrypted with KMS. It passes
/// requests to one object one after another.</summary>
public sealed class S3Front : IAsyncDisposable
{
    private static readonly string[] OfTheConnection = ["Transfer-Encoding", "Connection", "Keep-Alive", "Date", "Server"];

    private readonly HttpClient upstream;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> tags = new(StringComparer.Ordinal);
    private readonly WebApplication app;
    private int writes;
    private int conflicts;

    private S3Front(WebApplication app, Uri emulator)
    {
        this.app = app;
        upstream = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = emulator };
    }

    /// <summary>The address at which it listens.</summary>
    public Uri Address => new(app.Urls.Single());

    /// <summary>Whether the caller may list the bucket; without that S3 answers 403 for missing objects.</summary>
    public bool MayList { get; set; } = true;

    /// <summary>Whether contents are damaged before they reach the reader.</summary>
    public bool Damages { get; set; }

    /// <summary>Starts a proxy.</summary>
    /// <param name="emulator">The address of the emulator that stores the objects.</param>
    public static async Task<S3Front> StartAsync(Uri emulator)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var front = new S3Front(builder.Build(), emulator);
        front.app.Run(front.AnswerAsync);
        await front.app.StartAsync();
        return front;
    }

    /// <summary>Answers the next conditional writes with 409, as S3 does while another write is under way.</summary>
    public void ConflictNext(int times = 1) => Interlocked.Add(ref conflicts, times);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        upstream.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        string path = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        SemaphoreSlim turn = turns.GetOrAdd(path, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(http.RequestAborted);
        try
        {
            if (await IsKnownAsync(http.Request, path))
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                http.Response.Headers.ETag = tags[path];
                return;
            }

            (int status, string code)? refused = HttpMethods.IsPut(http.Request.Method) ? await RefusalAsync(http.Request, path) : null;
            await (refused is { } why ? RefuseAsync(http, why.status, why.code) : ForwardAsync(http, path));
        }
        finally
        {
            turn.Release();
        }
    }

    // "Conditional reads" of the user guide: a reader that has this version gets no content.
    private async Task<bool> IsKnownAsync(HttpRequest request, string path)
    {
        bool isSame = HttpMethods.IsGet(request.Method) && tags.TryGetValue(path, out string? tag) && request.Headers.IfNoneMatch.ToString() == tag;
        if (!isSame)
        {
            return false;
        }

        using var head = new HttpRequestMessage(HttpMethod.Head, path);
        using HttpResponseMessage there = await upstream.SendAsync(head);
        return there.IsSuccessStatusCode;
    }

    private async Task<(int Status, string Code)?> RefusalAsync(HttpRequest request, string path)
    {
        string match = request.Headers.IfMatch.ToString();
        string noneMatch = request.Headers.IfNoneMatch.ToString();
        if (match.Length == 0 && noneMatch.Length == 0)
        {
            return null;
        }

        if (Interlocked.Decrement(ref conflicts) >= 0)
        {
            return (409, "ConditionalRequestConflict");
        }

        Interlocked.Increment(ref conflicts);
        using var head = new HttpRequestMessage(HttpMethod.Head, path);
        using HttpResponseMessage there = await upstream.SendAsync(head);
        return (there.IsSuccessStatusCode, noneMatch.Length > 0) switch
        {
            (true, true) => (412, "PreconditionFailed"),
            (false, true) => null,
            (false, false) => (404, "NoSuchKey"),
            (true, false) => match == tags.GetValueOrDefault(path) ? null : (412, "PreconditionFailed"),
        };
    }

    private async Task ForwardAsync(HttpContext http, string path)
    {
        using HttpRequestMessage message = await MessageAsync(http);
        using HttpResponseMessage answer = await upstream.SendAsync(message, http.RequestAborted);
        if (answer.StatusCode == HttpStatusCode.NotFound && !MayList)
        {
            await RefuseAsync(http, 403, "AccessDenied");
            return;
        }

        if (answer.IsSuccessStatusCode && HttpMethods.IsPut(http.Request.Method))
        {
            int number = Interlocked.Increment(ref writes);
            tags[path] = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{path}#{number}")))[..32]}\"";
        }

        http.Response.StatusCode = (int)answer.StatusCode;
        foreach ((string name, IEnumerable<string> values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!OfTheConnection.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                http.Response.Headers[name] = values.ToArray();
            }
        }

        if (answer.Headers.ETag is not null && tags.TryGetValue(path, out string? tag))
        {
            http.Response.Headers.ETag = tag;

            // As S3 does for encrypted objects; without the key's id the SDK takes the ETag for an MD5.
            http.Response.Headers["x-amz-server-side-encryption"] = "aws:kms";
            http.Response.Headers["x-amz-server-side-encryption-aws-kms-key-id"] = "arn:aws:kms:eu-west-2:123456789012:key/storage";
        }

        if (!HttpMethods.IsHead(http.Request.Method))
        {
            byte[] body = await answer.Content.ReadAsByteArrayAsync(http.RequestAborted);
            if (Damages && body.Length > 0)
            {
                body[^1] ^= 1;
            }

            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    private static async Task<HttpRequestMessage> MessageAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var message = new HttpRequestMessage(new HttpMethod(http.Request.Method), http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget)
        {
            Content = new ByteArrayContent(body.ToArray()),
        };
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in http.Request.Headers)
        {
            if (name is not ("Host" or "Expect" or "Connection" or "Transfer-Encoding") && !message.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                message.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        return message;
    }

    private static async Task RefuseAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
            await http.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{code}</Message></Error>");
        }
    }
}
