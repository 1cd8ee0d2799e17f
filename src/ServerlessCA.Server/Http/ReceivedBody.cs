using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using ServerlessCA.Server.Limits;

namespace ServerlessCA.Server.Http;

/// <summary>A body as it came, in blocks that are allocated as bytes arrive and counted by a <see cref="Quota"/>. What it
/// holds is given back when it is disposed.</summary>
/// <param name="quota">Counts what is held.</param>
/// <param name="address">Whose share it is; null: nobody's.</param>
internal sealed class ReceivedBody(Quota quota, IPAddress? address) : IDisposable
{
    /// <summary>Bytes of a block: small beside any quota, and far from .NET's heap for large objects (85,000 bytes).</summary>
    public const int BlockSize = 16 * 1024;

    private readonly List<byte[]> blocks = [];
    private Quota quota = quota;
    private IPAddress? address = address;
    private int blocksCounted;

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>Why there is no body; null: it is whole.</summary>
    public ApiFault? Fault { get; init; }

    /// <summary>A body that was not taken.</summary>
    public static ReceivedBody Refused(ApiFault fault) => new(new Quota(0, 0), null) { Fault = fault };

    /// <summary>Adds bytes; false when the quota has no room for them.</summary>
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

    /// <summary>Its SHA-256.</summary>
    public byte[] Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < blocks.Count; i++)
        {
            hash.AppendData(BytesOf(i));
        }

        return hash.GetHashAndReset();
    }

    /// <summary>All bytes, one after the other.</summary>
    public ReadOnlyMemory<byte> ToMemory()
    {
        byte[] whole = new byte[Length];
        for (int i = 0; i < blocks.Count; i++)
        {
            BytesOf(i).CopyTo(whole.AsSpan(i * BlockSize));
        }

        return whole;
    }

    /// <summary>Counts it elsewhere from now on: its caller is known. False when there is no room.</summary>
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
