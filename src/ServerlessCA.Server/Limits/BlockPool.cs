using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace ServerlessCA.Server.Limits;

/// <summary>Pools the blocks of memory that connections read into and write from. Kestrel's own pool pins each block in
/// a heap that is never compacted, and releases blocks so slowly that the memory of many connections stays for minutes.
/// This pool holds few free blocks; all others become garbage when they are returned. Safe for many threads.</summary>
internal sealed class BlockPool : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>The bytes of a block, as in Kestrel: a page.</summary>
    public const int BlockSize = 4096;

    /// <summary>The most free blocks that are held for later; our decision: 1 MiB, enough for some ten busy
    /// connections.</summary>
    public const int MaxFree = 256;

    private readonly ConcurrentQueue<byte[]> free = [];

    /// <summary>The number of free blocks.</summary>
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

    // Two threads at once may hold one block too many: that does not matter.
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
