using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Ports;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Api;
using ServerlessCA.Server.Limits;
using ServerlessCA.Server.Logging;
using ServerlessCA.Server.Metrics;

namespace ServerlessCA.Server.Http;

/// <summary>Surrounds every request: it gives the request an id, sets the headers of every answer, answers where no
/// endpoint did, and writes a line to the log. It leaves out queries, which may hold anything.</summary>
internal sealed class AccessLog(RequestIds ids, ServerMetrics metrics, TimeProvider clock, ILogger log)
{
    private const int MaxPath = 256; // characters in the log

    /// <summary>Returns the address that a request came from.</summary>
    public static string PeerOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    /// <summary>Notes the caller of a request.</summary>
    public static void Note(HttpContext context, Caller caller)
    {
        context.Items[typeof(Caller)] = caller;
        context.Features.Get<ConnectionPlace>()?.Admit();
    }

    /// <summary>Handles one request.</summary>
    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        var place = context.Features.Get<ConnectionPlace>();
        place?.Begin();
        try
        {
            await HandleAsync(context, next);
        }
        finally
        {
            place?.End();
        }
    }

    private async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        long begun = clock.GetTimestamp();
        context.TraceIdentifier = ids.Next();
        SetHeaders(context);
        try
        {
            await next(context);
            await AnswerAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody gets an answer, and the log must not report success.
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }
        }
        catch (BadHttpRequestException fault)
        {
            await WriteAsync(context, fault.StatusCode == StatusCodes.Status408RequestTimeout ? ApiFault.TooSlow() : ApiFault.Broken());
        }
        catch (Exception fault)
        {
            log.Unexpected(context.TraceIdentifier, fault);
            await WriteAsync(context, ApiFault.Internal(context.TraceIdentifier));
        }

        TimeSpan took = clock.GetElapsedTime(begun);
        metrics.Answered(context.Request.Path.Value ?? "", context.Response.StatusCode, took);
        WriteLine(context, took);
    }

    private static void SetHeaders(HttpContext context)
    {
        context.Response.Headers["x-amzn-RequestId"] = context.TraceIdentifier;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (ApiOperation.IsOf(context.Request.Path))
        {
            context.Response.Headers.CacheControl = "no-store"; // what the CA knows is for its callers, not for caches
            context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin"; // nor for the memory of other pages
        }
    }

    // Routing sets a status and no body, but SDKs read the reason from it.
    private static Task AnswerAsync(HttpContext context) => context.Response switch
    {
        { HasStarted: true } => Task.CompletedTask,
        { StatusCode: StatusCodes.Status404NotFound, ContentLength: null } => WriteAsync(context, ApiFault.NoPath()),
        { StatusCode: StatusCodes.Status405MethodNotAllowed, ContentLength: null } => WriteAsync(context, ApiFault.WrongMethod(context.Response.Headers.Allow.ToString())),
        _ => Task.CompletedTask,
    };

    private static Task WriteAsync(HttpContext context, ApiFault fault)
    {
        if (context.Response.HasStarted)
        {
            context.Abort(); // an incomplete answer must not look complete
            return Task.CompletedTask;
        }

        string allow = context.Response.Headers.Allow.ToString();
        context.Response.Clear();
        SetHeaders(context);
        if (allow.Length > 0)
        {
            context.Response.Headers.Allow = allow;
        }

        ApiReply reply = ApiOperation.IsOf(context.Request.Path) ? ApiRefusal.Of(fault, maxBody: 0).ToReply() : ApiReply.Of(fault);
        return reply.WriteAsync(context);
    }

    private void WriteLine(HttpContext context, TimeSpan took)
    {
        var caller = context.Items[typeof(Caller)] as Caller;
        string path = context.Request.Path.Value ?? "";
        log.Request(
            context.TraceIdentifier,
            PeerOf(context),
            caller?.Name,
            caller?.SerialNumber,
            context.Request.Method,
            path.Length > MaxPath ? path[..MaxPath] + "…" : path,
            context.Response.StatusCode,
            context.Response.ContentLength ?? 0,
            Math.Round(took.TotalMilliseconds, 1));
    }
}

/// <summary>Makes request ids, as AWS does, to find a request in the log.</summary>
internal sealed class RequestIds(ISerialSource serials)
{
    private readonly byte[] start = System.Text.Encoding.ASCII.GetBytes(serials.Draw().ToString());
    private long count;

    /// <summary>Returns the next id, a UUID of version 8 (RFC 9562 §5.8).</summary>
    public string Next()
    {
        byte[] seed = [.. start, .. new byte[sizeof(long)]];
        BinaryPrimitives.WriteInt64BigEndian(seed.AsSpan(start.Length), Interlocked.Increment(ref count));
        Span<byte> id = SHA256.HashData(seed).AsSpan(0, 16);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true).ToString("D");
    }
}
