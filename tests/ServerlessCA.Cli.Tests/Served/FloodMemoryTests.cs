using System.Diagnostics;
using System.Globalization;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Served;

/// <summary>Floods <c>serve</c>, a process of its own, with frames of HTTP/2 (RFC 9113) that cost the sender next to nothing: its
/// memory stays bounded, and another client is served meanwhile.</summary>
public sealed class FloodMemoryTests
{
    private const int Calls = 10; // of another client, while the flood runs
    private const int Connections = 2, Writes = 100, FramesAWrite = 1000;
    private const int SlowConnections = 100, SlowRounds = 20;
    private const long Bound = 96 * 1024; // KiB: six times what was measured; 200,000 frames that were held as objects would be more

    // :method GET or POST, :scheme https, :path /health, :authority localhost (RFC 7541, appendix A).
    private static readonly byte[] Get = [0x82, 0x87, 0x04, 7, .. "/health"u8, 0x01, 9, .. "localhost"u8];
    private static readonly byte[] Post = [0x83, .. Get[1..]];

    [Theory]
    [InlineData("PING", true)]
    [InlineData("PING", false)]
    [InlineData("SETTINGS", true)]
    [InlineData("SETTINGS", false)]
    [InlineData("empty CONTINUATION", true)]
    [InlineData("empty DATA", true)]
    public async Task Frames_without_end_are_not_held_and_others_are_served(string kind, bool answersAreRead)
    {
        await using Flooded server = await Flooded.StartAsync();
        (byte[] first, byte[] frame) = Frames(kind);
        byte[] many = [.. Enumerable.Repeat(frame, FramesAWrite).SelectMany(one => one)];
        long before = server.PeakMemory();

        RawHttp2[] floods = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => RawHttp2.ConnectAsync(server.Port, answersAreRead)));
        Task<int>[] sending = [.. floods.Select(flood => Task.Run(() => SendAsync(flood, first, many)))];
        for (int i = 0; i < Calls; i++)
        {
            await server.CallAsync();
        }

        if (answersAreRead)
        {
            await Task.WhenAll(sending);
        }

        long peak = server.PeakMemory();
        foreach (RawHttp2 flood in floods)
        {
            await flood.DisposeAsync(); // a server that waits for its answers to be read takes nothing more: only this ends the sending
        }

        int[] sent = await Task.WhenAll(sending);
        await server.CallAsync();
        TestContext.Current.SendDiagnosticMessage($"{kind}, answers read: {answersAreRead}: {string.Join(" + ", sent)} writes, {before} to {peak} KiB");
        Assert.All(sent, writes => Assert.True(writes > 0, "nothing was sent"));
        Assert.True(peak - before < Bound, $"{before} to {peak} KiB");
    }

    [Fact]
    public async Task Headers_that_arrive_byte_by_byte_on_many_connections_are_cheap_and_others_are_served()
    {
        await using Flooded server = await Flooded.StartAsync();
        byte[] slow = [.. RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, 1, Get)];
        long before = server.PeakMemory();
        RawHttp2[] floods = await Task.WhenAll(Enumerable.Range(0, SlowConnections).Select(_ => RawHttp2.ConnectAsync(server.Port)));

        for (int at = 0; at < SlowRounds; at++)
        {
            await Task.WhenAll(floods.Select(flood => flood.TrySendAsync(slow[at..(at + 1)])));
            await server.CallAsync();
        }

        long peak = server.PeakMemory();
        foreach (RawHttp2 flood in floods)
        {
            await flood.DisposeAsync();
        }

        TestContext.Current.SendDiagnosticMessage($"slow headers: {before} to {peak} KiB");
        Assert.True(slow.Length > SlowRounds, "the headers were complete");
        Assert.True(peak - before < Bound, $"{before} to {peak} KiB");
    }

    private static (byte[] First, byte[] Frame) Frames(string kind) => kind switch
    {
        "PING" => ([], RawHttp2.Frame(RawHttp2.Ping, 0, 0, new byte[8])),
        "SETTINGS" => ([], RawHttp2.Frame(RawHttp2.Settings, 0, 0, [])),
        "empty CONTINUATION" => (RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndStream, 1, Get), RawHttp2.Frame(RawHttp2.Continuation, 0, 1, [])),
        _ => (RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders, 1, Post), RawHttp2.Frame(RawHttp2.Data, 0, 1, [])),
    };

    // Returns the number of writes that the server took.
    private static async Task<int> SendAsync(RawHttp2 flood, byte[] first, byte[] many)
    {
        int sent = 0;
        for (bool goesOn = await flood.TrySendAsync(first); goesOn && sent < Writes; sent++)
        {
            goesOn = await flood.TrySendAsync(many);
        }

        return sent;
    }

    /// <summary>Runs <c>serve</c> with TLS, and has a client that comes from nowhere else than the flood.</summary>
    private sealed class Flooded : IAsyncDisposable
    {
        private readonly TemporaryFolder folder = new();
        private readonly HttpClient other;
        private Process process = null!;

        private Flooded()
        {
#pragma warning disable CA5359, CA2000 // the server's identity does not matter here; the client owns the handler
            other = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
#pragma warning restore CA5359, CA2000
        }

        public int Port { get; private set; }

        public static async Task<Flooded> StartAsync()
        {
            Assert.SkipUnless(File.Exists("/proc/self/status"), "there is no /proc");
            var server = new Flooded();
            server.process = Executable.Start(server.folder.Path, "serve", "--listen", "127.0.0.1:0", "--tls-name", "127.0.0.1");
            server.process.ErrorDataReceived += (_, _) => { }; // its log must not fill the pipe
            server.process.BeginErrorReadLine();
            string? line = "";
            while (server.Port == 0 && (line = await server.process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)) is not null)
            {
                int at = line.IndexOf("https://127.0.0.1:", StringComparison.Ordinal);
                server.Port = at < 0 ? 0 : int.Parse(string.Concat(line[(at + "https://127.0.0.1:".Length)..].TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture);
            }

            Assert.True(server.Port > 0, "serve does not listen");
            for (int i = 0; i < Calls; i++)
            {
                await server.CallAsync(); // what a first call costs belongs to no flood
            }

            return server;
        }

        public async Task CallAsync() => Assert.Contains(
            "Status", await other.GetStringAsync(new Uri($"https://127.0.0.1:{Port}/health"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // The most memory that it ever had, in KiB (proc(5)).
        public long PeakMemory() => long.Parse(
            string.Concat(File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Where(char.IsAsciiDigit)),
            CultureInfo.InvariantCulture);

        public async ValueTask DisposeAsync()
        {
            other.Dispose();
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            folder.Dispose();
        }
    }
}
