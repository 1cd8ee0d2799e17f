using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server.Tests.Hostile;

/// <summary>Floods the server with frames of HTTP/2: the flood is ended, or others are served all the same.</summary>
public sealed class Http2FloodTests
{
    private const int Calls = 25; // of others, while the flood runs

    private static readonly ServerOptions WithTls = new() { Tls = new TlsSource.OwnCertificate(["127.0.0.1"]) };

    // :method GET, :scheme https, :path /health, :authority localhost (RFC 7541, appendix A).
    private static readonly byte[] Get = [0x82, 0x87, 0x04, 7, .. "/health"u8, 0x01, 9, .. "localhost"u8];

    [Fact]
    public async Task Rapid_resets_keep_nobody_else_from_being_served()
    {
        await using RunningServer server = await RunningServer.StartAsync(WithTls);
        await using RawHttp2 flood = await RawHttp2.ConnectAsync(server.Port);
        using HttpClient other = await SomeAccess.ClientAsync(server);

        int served = 0;
        bool goesOn = true;
        for (int i = 0; i < Calls; i++)
        {
            for (int stream = 0; stream < 200 && goesOn; stream++)
            {
                int id = (2 * ((i * 200) + stream)) + 1;
                goesOn = await flood.TrySendAsync([.. RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, id, Get), .. RawHttp2.Frame(RawHttp2.ResetStream, 0, id, [0, 0, 0, 8])]);
            }

            (await other.ReplyAsync("/health")).Ok();
            served++;
        }

        Assert.Equal(Calls, served);
    }

    [Fact]
    public async Task Headers_that_are_continued_without_end_are_ended_and_little_of_them_is_read()
    {
        const int Frames = 1000, Octets = 16_384; // 16 MB
        await using RunningServer server = await RunningServer.StartAsync(WithTls);
        await using RawHttp2 flood = await RawHttp2.ConnectAsync(server.Port);
        using HttpClient other = await SomeAccess.ClientAsync(server);
        byte[] literal = [0x00, 1, (byte)'x', 0x7e, .. Enumerable.Repeat((byte)'a', 126)]; // x: aaa…
        byte[] part = [.. Enumerable.Repeat(literal, Octets / literal.Length).SelectMany(one => one)];

        int sent = 0;
        for (bool goesOn = await flood.TrySendAsync(RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndStream, 1, Get)); goesOn && sent < Frames; sent++)
        {
            goesOn = await flood.TrySendAsync(RawHttp2.Frame(RawHttp2.Continuation, 0, 1, part));
        }

        await flood.Ended;
        (await other.ReplyAsync("/health")).Ok();
        Assert.True(sent < Frames, "the server read everything");
    }
}
