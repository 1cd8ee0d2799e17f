using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace ServerlessCA.Server.Limits;

/// <summary>The memory that connections read into and write from, in blocks. Kestrel's own pool pins each block in a heap
/// that is never compacted, and lets go of them so slowly that a crowd's memory stays for many minutes. This one keeps few;
/// all others are garbage as soon as they are given back. Safe for many threads.</summary>
internal sealed class BlockPool : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>Bytes of a block, as in Kestrel: a page.</summary>
    public const int BlockSize = 4096;

    /// <summary>Blocks that are kept for later; our decision: 1 MiB, enough for some ten busy connections.</summary>
    public const int MaxFree = 256;

    private readonly ConcurrentQueue<byte[]> free = [];

    /// <summary>Blocks that are kept now.</summary>
    public int FreeCount => free.Count;

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockSize;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        return new Block(this, free.TryDequeue(out byte[]? block) ? block : GC.AllocateUninitializedArray<byte>(BlockSize));
    }

    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => free.Clear();

    // Two at once may keep one too many: that does not matter.
    private void Return(byte[] block)
    {
        if (free.Count < MaxFree)
        {
            free.Enqueue(block);
        }
    }

    private sealed class Block(BlockPool pool, byte[] bytes) : IMemoryOwner<byte>
    {
        private byte[]? bytes = bytes;

        public Memory<byte> Memory => bytes ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref bytes, null) is { } given)
            {
                pool.Return(given);
            }
        }
    }
}
