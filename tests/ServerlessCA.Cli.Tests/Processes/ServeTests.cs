using System.Diagnostics;
using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Processes;

/// <summary>Tests <c>serve</c> as a process of its own.</summary>
public sealed class ServeTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_it_in_order(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        using var folder = new TemporaryFolder();
        using Process server = Executable.Start(folder.Path, "serve", "--listen", "127.0.0.1:0", "--output", "json");
        string url = await UrlOfAsync(server);
        using var http = new HttpClient();

        string health = await http.GetStringAsync(new Uri($"{url}/health"), TestContext.Current.CancellationToken);
        using (Process kill = Process.Start("kill", [$"-{signal}", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Result result = await Executable.ResultOfAsync(server);
        Assert.Contains("\"Status\":\"Good\"", health, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Contains("\"event\":\"stopping\"", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_use_is_reported()
    {
        using Session session = await new Session().WithCaAsync();
        await using BackgroundCommand first = await BackgroundCommand.StartAsync(session, "serve", "--listen", "127.0.0.1:0", "--ca", $"local:{session.Data}");

        Result second = await session.RunAsync("serve", "--listen", first.Url["http://".Length..]);

        Assert.Equal(ExitCode.Fault, second.ExitCode);
        Assert.Contains($"error: cannot listen on {first.Url["http://".Length..]}: ", second.Error, StringComparison.Ordinal);
        Assert.Contains("hint: choose another address or port: --listen", second.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await first.StopAsync());
    }

    [Fact]
    public async Task A_taken_port_is_found_before_a_CA_is_made()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        int port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        using var session = new Session();

        Result result = await session.RunAsync("serve", "--listen", $"127.0.0.1:{port}");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.StartsWith($"error: cannot listen on 127.0.0.1:{port}: another program listens on port {port}\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("hint: choose another address or port: --listen; 'ss -ltnp' on Linux", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Data));
    }

    [Fact]
    public async Task Certificate_files_and_names_that_do_not_do_are_found_before_a_CA_is_made()
    {
        using var session = new Session();
        session.Folder.Write("tls.pem", "nothing");

        Result files = await session.RunAsync(
            "serve", "--listen", "127.0.0.1:0", "--tls-cert", session.Folder.At("tls.pem"), "--tls-key", session.Folder.At("tls.pem"));
        Result name = await session.RunAsync("serve", "--listen", "127.0.0.1:0", "--tls-name", "not a name");

        Assert.StartsWith($"error: '{session.Folder.At("tls.pem")}' holds no certificate in PEM", files.Error, StringComparison.Ordinal);
        Assert.StartsWith("error: the server's name 'not a name' must ", name.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Data));
    }

    [Fact]
    public async Task An_address_of_another_machine_is_reported()
    {
        using Session session = await new Session().WithCaAsync();
        session.Variables["SERVERLESS_CA_TOKEN"] = "a-token-of-more-than-twenty-letters";

        Result result = await session.RunAsync("serve", "--listen", "192.0.2.1:0", "--tls-name", "ca.example.com");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("error: cannot listen on 192.0.2.1:0: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("hint: choose another address or port: --listen", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" at System.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_IPv4_address_may_be_written_for_IPv6()
    {
        using Session session = await new Session().WithCaAsync();
        await using BackgroundCommand server = await BackgroundCommand.ServeAsync(session, "--listen", "[::ffff:127.0.0.1]:0");

        Result beyond = await session.RunAsync("serve", "--listen", "[::ffff:0.0.0.0]:0");

        Assert.StartsWith("http://127.0.0.1:", server.Url, StringComparison.Ordinal);
        Assert.Contains("error: other machines reach 0.0.0.0:0: it needs TLS", beyond.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_commands_work_on_the_CA_that_is_served()
    {
        using Session session = await new Session().WithCaAsync();
        await using BackgroundCommand server = await BackgroundCommand.StartAsync(session, "serve", "--listen", "127.0.0.1:0", "--ca", $"local:{session.Data}");

        (await session.RunAsync("request", "--common-name", "beside", "--out", session.Certs)).Done();
        (await session.RunAsync("revoke", "beside")).Done();

        using var http = new HttpClient();
        byte[] crl = await http.GetByteArrayAsync(new Uri($"{server.Url}/serverless-issuing-ca-dev.crl"), TestContext.Current.CancellationToken);
        Assert.True(Core.Revocation.CertificateRevocationList.TryDecode(crl, out var served));
        Assert.Equal(1, served.EntryCount);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_stops_neither_server_nor_agent()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "bash or /dev/full is missing");
        using var folder = new TemporaryFolder();
        string[] mute = ["bash", "-c", "exec \"$@\" 2> /dev/full", "bash"];
        using Process server = Executable.StartUnder(mute, folder.Path, "serve", "--listen", "127.0.0.1:0", "--output", "json");
        string url = await UrlOfAsync(server);

        using Process agent = Executable.StartUnder(mute, folder.Path, "agent", "--once", "--common-name", "a", "--out", "certs", "--ca", url);
        Result once = await Executable.ResultOfAsync(agent);
        using Process lost = Executable.StartUnder(
            ["bash", "-c", "exec \"$@\" > /dev/full", "bash"], folder.Path, "agent", "--once", "--common-name", "b", "--out", "certs", "--output", "json", "--ca", url);
        Result journal = await Executable.ResultOfAsync(lost);
        Assert.Equal(0, ForeignProgram.Run("kill", "-TERM", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)).ExitCode);
        Result served = await Executable.ResultOfAsync(server);

        Assert.Equal(ExitCode.Done, once.ExitCode);
        Assert.Equal(ExitCode.Done, journal.ExitCode);
        Assert.StartsWith("""{"Level":"warning","Message":"standard output cannot be written to: """, journal.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, served.ExitCode);
        Assert.Equal(2, Agent.RunningAgent.VersionOf(folder.At("certs")));
    }

    [Fact]
    public async Task Two_servers_serve_one_CA()
    {
        using var session = new Session(); // both processes make the CA together
        BackgroundCommand[] servers = await Task.WhenAll(BackgroundCommand.ServeAsync(session), BackgroundCommand.ServeAsync(session));
        await using BackgroundCommand first = servers[0];
        await using BackgroundCommand second = servers[1];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i => (await session.RunRawAsync(
            "request", "--common-name", $"n{i}", "--out", session.Folder.At($"n{i}"), "--ca", servers[i % 2].Url)).Done()));

        Assert.Equal((await session.RunRawAsync("chain", "--ca", first.Url)).Done().Output, (await session.RunRawAsync("chain", "--ca", second.Url)).Done().Output);
        Assert.Equal(8 + 2, (await session.RunAsync("list", "--output", "json")).Json.GetProperty("Certificates").GetArrayLength()); // with two CAs
    }

    [Theory]
    [InlineData("the token of SERVERLESS_CA_TOKEN has 5 characters: take at least 20", "SERVERLESS_CA_TOKEN", "short")]
    [InlineData("--tls-cert and --tls-key belong together", "", "", "--tls-cert", "a.pem")]
    [InlineData("--tls-name and --tls-cert are both given", "", "", "--tls-cert", "a.pem", "--tls-key", "b.pem", "--tls-name", "ca.example.com")]
    [InlineData("--allow-client needs client certificates: it needs TLS", "", "", "--allow-client", "a")]
    [InlineData("--allow-client '*=operate' would make everybody an operator", "", "", "--allow-client", "*=operate")]
    [InlineData("--allow-client 'a=admin' ends in no level: write NAME=request or NAME=operate", "", "", "--allow-client", "a=admin")]
    [InlineData("--connections-per-address must be from 1 to 1000", "", "", "--connections-per-address", "0")]
    [InlineData("--request-token-file 'missing': there is no such file", "", "", "--request-token-file", "missing")]
    [InlineData("--every must be from 1 to 168 hours", "", "", "--every", "0")]
    [InlineData("--token-file 'missing': there is no such file", "", "", "--token-file", "missing")]
    [InlineData("--listen 'ca.example.com:443' is not an address with a port", "", "", "--listen", "ca.example.com:443")]
    [InlineData("--listen '127.0.0.1:65536' is not an address with a port", "", "", "--listen", "127.0.0.1:65536")]
    [InlineData("--listen '::1:8443' is not an address with a port", "", "", "--listen", "::1:8443")]
    [InlineData("other machines reach [::]:8443: it needs TLS, and callers must show who they are", "", "", "--listen", "[::]:8443")]
    public async Task What_does_not_fit_together_is_wrong_usage(string message, string variable, string value, params string[] arguments)
    {
        using var session = new Session();
        session.Variables[variable] = value;

        Result result = await session.RunAsync(["serve", .. arguments]);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.StartsWith($"error: {message}", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Data));
    }

    private static async Task<string> UrlOfAsync(Process server)
    {
        string json = "";
        while (await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            json += line;
            if (line == "}")
            {
                break;
            }
        }

        return JsonDocument.Parse(json).RootElement.GetProperty("Url").GetString()!;
    }
}
