using System.Net;
using System.Net.Sockets;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server.Tests.Limits;

/// <summary>Takes every connection of a whole server.</summary>
public sealed class ConnectionLoadTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silent_connections_of_one_address_keep_nobody_else_from_CRLs_health_and_functions(bool overTls)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "127.0.0.2 is an address of this machine on Linux alone");
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions
        {
            Access = AccessPolicy.Open.WithToken(SomeAccess.Token),
            Tls = overTls ? new TlsSource.OwnCertificate(["127.0.0.1"]) : null,
            MaxConnections = 40,
            ConnectionsPerAddress = 10,
        });
        var silent = new List<TcpClient>();
        for (int i = 0; i < 60; i++)
        {
            silent.Add(new TcpClient());
            try
            {
                await silent[i].ConnectAsync(IPAddress.Loopback, server.Port, TestContext.Current.CancellationToken);
            }
            catch (SocketException turnedAway) when (turnedAway.SocketErrorCode == SocketError.ConnectionReset)
            {
                // The server may refuse one too many before this client knows that it is connected.
            }
        }

        using HttpClient other = await SomeAccess.ClientAsync(server, from: IPAddress.Parse("127.0.0.2"));
        (await other.ReplyAsync($"/{server.Ca.Settings.Names.IssuingCa}.crl")).Ok();
        (await other.ReplyAsync("/health")).Ok();
        (await other.InvokeAsync(Calls.Expiry, "{}", SomeAccess.TokenText)).Ok();

        Assert.Equal("127.0.0.1", Assert.Single(server.Log.Lines("too-many-connections")).GetProperty("peer").GetString());
        silent.ForEach(client => client.Dispose());
    }
}
