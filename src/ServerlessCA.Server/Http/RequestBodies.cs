using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Server.Limits;

namespace ServerlessCA.Server.Http;

/// <summary>Reads bodies whole, and bounds what all of them hold together. A signature can be checked only once the body is
/// there, so bodies of callers who are not admitted yet come out of one small quota, a part of it for each address.</summary>
/// <param name="pendingShare">The part of one address of what callers not yet admitted may hold, of 1.</param>
/// <param name="timeout">How long such a body may take.</param>
/// <param name="clock">Times that.</param>
internal sealed class RequestBodies(double pendingShare, TimeSpan timeout, TimeProvider clock)
{
    /// <summary>Bytes of a body whose caller is not admitted yet; our decision: a request for a certificate has a few KiB.</summary>
    public const int MaxPending = 1024 * 1024;

    /// <summary>Bytes that all callers together hold who are not admitted yet; our decision.</summary>
    public const int AllPending = 16 * MaxPending;

    // Our decision: more than twenty of the largest events at once, or a burst of tens of thousands of requests.
    private const int AllAdmitted = 128 * 1024 * 1024;

    private readonly Quota pending = new(AllPending, Math.Max(MaxPending, (long)(AllPending * pendingShare)));
    private readonly Quota admitted = new(AllAdmitted, AllAdmitted);

    /// <summary>Bytes that callers hold now who are not admitted yet.</summary>
    public long Pending => pending.Used;

    /// <summary>Reads the body of a caller who is admitted.</summary>
    /// <param name="request">Whose.</param>
    /// <param name="limit">Bytes at most.</param>
    /// <param name="cancellation">Stops it.</param>
    public Task<ReceivedBody> ReadAsync(HttpRequest request, int limit, CancellationToken cancellation) =>
        ReadAsync(request, new ReceivedBody(admitted, null), limit, ApiFault.TooLarge(limit), cancellation);

    /// <summary>Reads the body of a caller whose signature is checked afterwards.</summary>
    public async Task<ReceivedBody> ReadPendingAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        bool isLess = limit > MaxPending;
        ApiFault tooLarge = isLess ? ApiFault.TooLargeToSign(MaxPending, limit) : ApiFault.TooLarge(limit);
        IPAddress address = CallerAddress.Of(request.HttpContext.Connection.RemoteIpAddress ?? IPAddress.None);
        using var over = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellation);
        try
        {
            return await ReadAsync(request, new ReceivedBody(pending, address), isLess ? MaxPending : limit, tooLarge, either.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return ReceivedBody.Refused(ApiFault.TooSlow());
        }
    }

    /// <summary>Counts a body as that of a caller who is admitted; false when too much is held by such.</summary>
    public bool TryAdmit(ReceivedBody body) => body.TryMoveTo(admitted);

    private static async Task<ReceivedBody> ReadAsync(
        HttpRequest request, ReceivedBody body, int limit, ApiFault tooLarge, CancellationToken cancellation)
    {
        bool isKept = false;
        try
        {
            ApiFault? fault = request.ContentLength > limit ? tooLarge : await ReceiveAsync(request.BodyReader, body, limit, tooLarge, cancellation);
            isKept = fault is null;
            return isKept ? body : ReceivedBody.Refused(fault!);
        }
        catch (BadHttpRequestException fault)
        {
            return ReceivedBody.Refused(fault.StatusCode switch
            {
                StatusCodes.Status408RequestTimeout => ApiFault.TooSlow(),
                StatusCodes.Status413PayloadTooLarge => tooLarge,
                _ => ApiFault.Broken(),
            });
        }
        catch (IOException)
        {
            // Kestrel's word for the size of a chunk that no number holds, and for a caller that is gone.
            return ReceivedBody.Refused(ApiFault.Broken());
        }
        finally
        {
            if (!isKept)
            {
                body.Dispose();
            }
        }
    }

    private static async Task<ApiFault?> ReceiveAsync(
        PipeReader reader, ReceivedBody body, int limit, ApiFault tooLarge, CancellationToken cancellation)
    {
        for (; ; )
        {
            ReadResult read = await reader.ReadAsync(cancellation);
            if (body.Length + read.Buffer.Length > limit)
            {
                return tooLarge;
            }

            if (!body.TryAdd(read.Buffer))
            {
                return ApiFault.TooMany();
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }
}
