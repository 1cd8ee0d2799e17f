using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Server.Limits;

namespace ServerlessCA.Server.Http;

/// <summary>Reads whole bodies, and limits the bytes of all of them together. A signature can be checked only once the
/// body is there, so bodies of callers who are not admitted yet are counted in a small quota, of which each address has
/// a share.</summary>
/// <param name="pendingShare">The share of one address in the bytes of callers who are not admitted yet, from 0 to
/// 1.</param>
/// <param name="timeout">The timeout of such a body.</param>
/// <param name="clock">Measures the timeout.</param>
internal sealed class RequestBodies(double pendingShare, TimeSpan timeout, TimeProvider clock)
{
    /// <summary>The most bytes of a body whose caller is not admitted yet; our decision: a request for a certificate
    /// has a few KiB.</summary>
    public const int MaxPending = 1024 * 1024;

    /// <summary>The most bytes of all such bodies together; our decision.</summary>
    public const int AllPending = 16 * MaxPending;

    // Our decision: more than twenty of the largest events at once, or a burst of tens of thousands of requests.
    private const int AllAdmitted = 128 * 1024 * 1024;

    private readonly Quota pending = new(AllPending, Math.Max(MaxPending, (long)(AllPending * pendingShare)));
    private readonly Quota admitted = new(AllAdmitted, AllAdmitted);

    /// <summary>The bytes that callers hold now who are not admitted yet.</summary>
    public long Pending => pending.Used;

    /// <summary>Reads the body of a caller who is admitted.</summary>
    /// <param name="request">The caller's request.</param>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <param name="cancellation">Stops the reading.</param>
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

    /// <summary>Counts a body as one of an admitted caller; false if those hold too much.</summary>
    public bool TryAdmit(ReceivedBody body) => body.TryMoveTo(admitted);

    private static async Task<ReceivedBody> ReadAsync(
        HttpRequest request, ReceivedBody body, int limit, ApiFault tooLarge, CancellationToken cancellation)
    {
        bool isWhole = false;
        try
        {
            ApiFault? fault = request.ContentLength > limit ? tooLarge : await ReceiveAsync(request.BodyReader, body, limit, tooLarge, cancellation);
            isWhole = fault is null;
            return isWhole ? body : ReceivedBody.Refused(fault!);
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
            // Kestrel reports so a chunk whose size no number holds, and a caller that is gone.
            return ReceivedBody.Refused(ApiFault.Broken());
        }
        finally
        {
            if (!isWhole)
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

/// <summary>A body as it came, which is stored in blocks that are allocated as bytes arrive and counted by a
/// <see cref="Quota"/>. Disposing it returns the blocks.</summary>
/// <param name="quota">Counts the bytes.</param>
/// <param name="address">The address whose share they count to; null: they count to none.</param>
internal sealed class ReceivedBody(Quota quota, IPAddress? address) : IDisposable
{
    /// <summary>The bytes of a block: few beside any quota, and far below the limit of .NET's heap for large objects
    /// (85,000 bytes).</summary>
    public const int BlockSize = 16 * 1024;

    private readonly List<byte[]> blocks = [];
    private Quota quota = quota;
    private IPAddress? address = address;
    private int blocksCounted;

    /// <summary>The bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>The reason why there is no body; null: it is whole.</summary>
    public ApiFault? Fault { get; init; }

    /// <summary>Makes the result of a body that was refused.</summary>
    public static ReceivedBody Refused(ApiFault fault) => new(new Quota(0, 0), null) { Fault = fault };

    /// <summary>Adds bytes; false if the quota has no room for them.</summary>
    public bool TryAdd(ReadOnlySequence<byte> arrived)
    {
        foreach (ReadOnlyMemory<byte> part in arrived)
        {
            for (ReadOnlySpan<byte> left = part.Span; left.Length > 0;)
            {
                int start = Length % BlockSize;
                if (start == 0 && !TryAddBlock())
                {
                    return false;
                }

                int count = Math.Min(left.Length, BlockSize - start);
                left[..count].CopyTo(blocks[^1].AsSpan(start));
                left = left[count..];
                Length += count;
            }
        }

        return true;
    }

    /// <summary>Returns the SHA-256 of the body.</summary>
    public byte[] Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < blocks.Count; i++)
        {
            hash.AppendData(BytesOf(i));
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Returns all bytes in one piece.</summary>
    public ReadOnlyMemory<byte> ToMemory()
    {
        byte[] whole = new byte[Length];
        for (int i = 0; i < blocks.Count; i++)
        {
            BytesOf(i).CopyTo(whole.AsSpan(i * BlockSize));
        }

        return whole;
    }

    /// <summary>Counts the body in another quota from now on, as its caller is known. False if there is no
    /// room.</summary>
    public bool TryMoveTo(Quota other)
    {
        long bytes = (long)blocksCounted * BlockSize;
        if (!other.TryTake(bytes))
        {
            return false;
        }

        quota.Return(bytes, address);
        (quota, address) = (other, null);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (byte[] block in blocks)
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        blocks.Clear();
        quota.Return((long)blocksCounted * BlockSize, address);
        blocksCounted = 0;
    }

    private ReadOnlySpan<byte> BytesOf(int block) => blocks[block].AsSpan(0, Math.Min(BlockSize, Length - (block * BlockSize)));

    private bool TryAddBlock()
    {
        if (!quota.TryTake(BlockSize, address))
        {
            return false;
        }

        blocksCounted++;
        blocks.Add(ArrayPool<byte>.Shared.Rent(BlockSize));
        return true;
    }
}
