using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Limits;
using ServerlessCA.Server.Logging;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server.Tests.Limits;

/// <summary>Checks that the memory of connections can be returned when many of them have ended.</summary>
public sealed class ConnectionMemoryTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public void The_pool_holds_few_free_blocks_and_releases_all_others()
    {
        using var pool = new BlockPool();

        WeakReference[] blocks = RentMany(pool, 2 * BlockPool.MaxFree);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);

        Assert.Equal(BlockPool.MaxFree, pool.FreeCount);
        Assert.Equal(BlockPool.MaxFree, blocks.Count(block => block.IsAlive));
    }

    [Fact]
    public void A_block_that_is_returned_twice_is_free_once_and_read_no_more()
    {
        using var pool = new BlockPool();
        IMemoryOwner<byte> block = pool.Rent();

        block.Dispose();
        block.Dispose();

        Assert.Equal(1, pool.FreeCount);
        Assert.Throws<ObjectDisposedException>(() => block.Memory);
        using IMemoryOwner<byte> again = pool.Rent(BlockPool.BlockSize);
        Assert.Equal((0, BlockPool.BlockSize), (pool.FreeCount, again.Memory.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(BlockPool.BlockSize + 1));
    }

    // Generation 4 of .NET is the heap of pinned objects, which is never compacted. Kestrel's own pool lives there, and
    // nothing else that is large, whatever runs beside.
    [Fact]
    public async Task What_many_callers_over_TLS_and_HTTP_1_1_send_is_in_memory_that_can_be_returned()
    {
        const int Pinned = 4, Callers = 40;
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions
        {
            Access = AccessPolicy.Open.WithToken(SomeAccess.Token),
            Tls = new TlsSource.OwnCertificate(["127.0.0.1"]),
        });
        var crowd = new List<SslStream>();
        for (int i = 0; i < Callers; i++)
        {
            crowd.Add(await SendingAsync(server));
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);

        Assert.InRange(GC.GetGCMemoryInfo(GCKind.FullBlocking).GenerationInfo[Pinned].SizeAfterBytes, 0, MiB);
        crowd.ForEach(caller => caller.Dispose());
    }

    [Fact]
    public async Task A_connection_reads_64_KiB_ahead_before_TLS_too()
    {
        using PreparedServer prepared = await PreparedServer.CreateAsync(
            new ServerOptions { Listen = new(System.Net.IPAddress.Loopback, 0) }, TimeProvider.System, TestContext.Current.CancellationToken);
        var places = new ConnectionPlaces(new ConnectionLimits(10, 10, TimeSpan.FromSeconds(1)), TimeProvider.System, NullLogger.Instance);
        using var lines = new JsonLineLogger(TextWriter.Null, TimeProvider.System);

        await using var app = ServerHost.Builder(prepared, null, places, lines).Build();

        Assert.Equal(64 * 1024, app.Services.GetRequiredService<IOptions<SocketTransportOptions>>().Value.MaxReadBufferSize);
    }

    // Not inlined: nothing of it may be alive in the caller.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] RentMany(BlockPool pool, int count)
    {
        IMemoryOwner<byte>[] owners = [.. Enumerable.Range(0, count).Select(_ => pool.Rent())];
        var blocks = new WeakReference[count];
        for (int i = 0; i < count; i++)
        {
            Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray<byte>(owners[i].Memory, out ArraySegment<byte> block));
            blocks[i] = new WeakReference(block.Array);
        }

        Array.ForEach(owners, owner => owner.Dispose());
        return blocks;
    }

    // Sends a body whose last byte never comes, as fast as possible.
    private static async Task<SslStream> SendingAsync(RunningServer server)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Port, cancellation);
#pragma warning disable CA5359 // the server's identity does not matter here
        var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync("127.0.0.1");
        await tls.WriteAsync(
            Encoding.ASCII.GetBytes($"POST {Calls.PathOf(Calls.TlsCert)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {SomeAccess.TokenText}\r\nContent-Length: {MiB}\r\n\r\n"),
            cancellation);
        await tls.WriteAsync(new byte[MiB - 1], cancellation);
        return tls;
    }
}
