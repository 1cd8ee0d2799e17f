using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.MutualTls;

/// <summary>Tests that other programs accept the certificates of the README's first session for their names.</summary>
public sealed class ReadmeTests
{
    private static readonly TimeSpan LongestOfBrowsers = TimeSpan.FromDays(398); // the limit of Apple and the CA/Browser Forum since 2020

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (string client in new[] { "curl", "node", "java" })
            {
                foreach (string host in new[] { "server.example.com", "localhost", "127.0.0.1" })
                {
                    pairs.Add(client, host);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task The_server_of_the_README_is_good_for_each_of_its_names(string client, string host)
    {
        using Session session = await FollowAsync();
        await using ForeignServer server = await ForeignServer.StartAsync("node", session.Folder, "server");

        (bool accepted, string output) = ForeignClient.Ask(client, session.Folder, "client", server.Port, host);
        (bool other, _) = ForeignClient.Ask(client, session.Folder, "client", server.Port, "other.example.com");

        Assert.True(accepted, $"{client} to {host}: {output}\n{server.Output}");
        Assert.False(other);
    }

    [Fact]
    public async Task The_server_of_the_README_is_one_by_the_rules_of_browsers()
    {
        using Session session = await FollowAsync();
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(session.Certs, "server.pem"));

        Assert.All(
            new[] { "server.example.com", "localhost", "127.0.0.1" },
            name => Assert.True(certificate.MatchesHostname(name, allowWildcards: true, allowCommonName: false), name));
        Assert.False(certificate.MatchesHostname("other.example.com", allowWildcards: true, allowCommonName: false));
        Assert.True(certificate.NotAfter - certificate.NotBefore <= LongestOfBrowsers);
        Assert.Contains(certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>(), usage => usage.Value == "1.3.6.1.5.5.7.3.1");
        (int exitCode, string output) = ForeignProgram.Run(
            "certtool", "--verify", "--verify-hostname", "server.example.com", "--verify-purpose", "1.3.6.1.5.5.7.3.1",
            "--load-ca-certificate", Path.Combine(session.Certs, "ca-bundle.pem"), "--infile", Path.Combine(session.Certs, "server.pem"));
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task The_server_and_the_client_of_openssl_and_curl_below_it_meet()
    {
        using Session session = await FollowAsync();
        string script = MarkdownPage.At("README.md").Blocks.Single(block => block.Text.Contains("openssl s_server", StringComparison.Ordinal)).Text;
        using var port = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        port.Start();
        string free = ((System.Net.IPEndPoint)port.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        port.Stop();
        ForeignProgram.SkipUnlessInstalled("curl", "curl");

        // The server needs a moment, as between two commands of a person.
        (int exitCode, string output) = ForeignProgram.RunIn(
            session.Folder.Path, "bash", "-c", $"{script.Replace("8443", free, StringComparison.Ordinal).Replace("curl ", "curl -sS --noproxy '*' --retry 20 --retry-connrefused ", StringComparison.Ordinal)}\nkill %1");

        Assert.True(exitCode == 0, output);
        Assert.Contains("Client certificate", output, StringComparison.Ordinal);
        Assert.Contains("CN = client.example.com", output, StringComparison.Ordinal);
    }

    /// <summary>Returns the commands of the README's first session, each with the folder of a session.</summary>
    internal static string[][] Commands(Session session)
    {
        string[] commands = [.. File.ReadLines(Repository.At("README.md"))
            .SkipWhile(line => line != "## From a clone to mutual TLS in five commands").Skip(2)
            .TakeWhile(line => line != "```").Where(line => line.StartsWith("serverless-ca ", StringComparison.Ordinal))];
        Assert.Equal(4, commands.Length);
        return [.. commands.Select(command => command.Split(' ').Skip(1).Select(word => word == "certs" ? session.Certs : word).ToArray())];
    }

    private static async Task<Session> FollowAsync()
    {
        var session = new Session();
        foreach (string[] command in Commands(session))
        {
            (await session.RunAsync(command)).Done();
        }

        string passphrase = session.Folder.Write("passphrase", "passphrase for tests\n");
        OpenSsl.Run(
            "pkcs12", "-export", "-in", Path.Combine(session.Certs, "client-combined.pem"), "-inkey", Path.Combine(session.Certs, "client-key.pem"),
            "-out", session.Folder.At("client.p12"), "-passout", $"file:{passphrase}");
        return session;
    }
}
