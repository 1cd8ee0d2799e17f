using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.MutualTls;

/// <summary>Tests certificates of <c>request</c> between other people's servers and clients: both sides accept each other,
/// and a certificate of the wrong purpose is refused.</summary>
public sealed class MutualTlsTests
{
    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (string server in new[] { "openssl", "nginx", "node", "java" })
            {
                foreach (string client in new[] { "openssl", "curl", "node", "java" })
                {
                    pairs.Add(server, client);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Both_sides_accept_each_other(string server, string client)
    {
        using Session session = await CertificatesAsync();
        await using ForeignServer running = await ForeignServer.StartAsync(server, session.Folder, "server");

        (bool accepted, string output) = ForeignClient.Ask(client, session.Folder, "client", running.Port);

        Assert.True(accepted, $"{client} to {server}: {output}\n{running.Output}");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_server_refuses_a_client_whose_certificate_is_a_servers(string server, string client)
    {
        using Session session = await CertificatesAsync();
        await using ForeignServer running = await ForeignServer.StartAsync(server, session.Folder, "server");

        (bool accepted, string output) = ForeignClient.Ask(client, session.Folder, "server", running.Port);

        Assert.False(accepted, $"{client} to {server}: {output}");
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("node")]
    [InlineData("java")]
    [InlineData("openssl")]
    public async Task A_client_refuses_a_server_whose_certificate_is_a_clients(string client)
    {
        using Session session = await CertificatesAsync();
        await using ForeignServer running = await ForeignServer.StartAsync("node", session.Folder, "client");

        (bool accepted, string output) = ForeignClient.Ask(client, session.Folder, "client", running.Port);

        Assert.False(accepted, $"{client}: {output}");
    }

    private static async Task<Session> CertificatesAsync()
    {
        Session session = await new Session().WithCaAsync();
        string passphrase = session.Folder.Write("passphrase", "passphrase for tests\n");
        (await session.RunAsync("request", "--common-name", "localhost", "--purpose", "server_auth", "--san", "dns:localhost.localdomain", "--san", "ip:127.0.0.1", "--out", session.Certs, "--name", "server")).Done();
        (await session.RunAsync("request", "--common-name", "client.example.com", "--san", "client.example.com", "--san", "ip:127.0.0.1", "--out", session.Certs, "--name", "client")).Done();
        foreach (string name in new[] { "server", "client" })
        {
            // Java reads a key store, which openssl makes of the same key and certificates.
            OpenSsl.Run(
                "pkcs12", "-export", "-in", Path.Combine(session.Certs, $"{name}-combined.pem"), "-inkey", Path.Combine(session.Certs, $"{name}-key.pem"),
                "-out", session.Folder.At($"{name}.p12"), "-passout", $"file:{passphrase}");
        }

        return session;
    }
}
