using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Authorities;

/// <summary>Tests the first download of the CA certificates from a server whose TLS is not trusted yet.</summary>
public sealed class FirstTrustTests
{
    [Theory]
    [InlineData("{0}")]
    [InlineData("sha256 Fingerprint={0}")]
    [InlineData("lower")]
    public async Task The_root_with_the_right_fingerprint_is_written_and_makes_the_server_trusted(string form)
    {
        using Session session = await new Session().WithCaAsync();
        string fingerprint = await FingerprintAsync(session);
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session, "--tls-name", "localhost");
        string url = served.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        string file = session.Folder.At("bundle.pem");
        string given = form == "lower" ? fingerprint.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant() : form.Replace("{0}", fingerprint, StringComparison.Ordinal);

        Result result = (await session.RunRawAsync("chain", "--ca", url, "--fingerprint", given, "--out", file)).Done();

        Assert.Equal((await session.RunAsync("chain")).Output, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Contains($"--ca-file {file}", result.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Fault, (await session.RunRawAsync("chain", "--ca", url)).ExitCode);
        (await session.RunRawAsync("chain", "--ca", url, "--ca-file", file)).Done();
    }

    [Fact]
    public async Task Another_fingerprint_writes_nothing_and_the_message_has_both()
    {
        using Session session = await new Session().WithCaAsync();
        string actual = await FingerprintAsync(session);
        string wrong = string.Join(':', Enumerable.Repeat("AB", 32));
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session, "--tls-name", "localhost");
        string file = session.Folder.At("bundle.pem");

        Result result = await session.RunRawAsync("chain", "--ca", served.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), "--fingerprint", wrong, "--out", file);

        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        Assert.Contains(actual, result.Error, StringComparison.Ordinal);
        Assert.Contains(wrong, result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_server_whose_certificate_is_of_another_CA_is_not_believed_though_it_publishes_the_right_root()
    {
        using Session session = await new Session().WithCaAsync();
        using Session other = await new Session().WithCaAsync();
        (await other.RunAsync("request", "--common-name", "localhost", "--purpose", "server_auth", "--cert-bundle", "--out", other.Certs)).Done();
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(
            session, "--tls-cert", Path.Combine(other.Certs, "client-cert.pem"), "--tls-key", Path.Combine(other.Certs, "client-cert-key.pem"));

        Result result = await session.RunRawAsync(
            "chain", "--ca", served.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), "--fingerprint", await FingerprintAsync(session));

        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        Assert.Contains("the root has the right fingerprint, but the server's certificate", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_with_a_certificate_for_another_name_is_not_believed()
    {
        using Session session = await new Session().WithCaAsync();
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session, "--tls-name", "ca.example.com");

        Result result = await session.RunRawAsync("chain", "--ca", served.Url.Replace("ca.example.com", "127.0.0.1", StringComparison.Ordinal), "--fingerprint", await FingerprintAsync(session));

        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        Assert.Contains("is not for 127.0.0.1", result.Error, StringComparison.Ordinal);
    }

    // Nothing listens at port 1: had it been called, the message would be that of the next test.
    [Theory]
    [InlineData("--fingerprint 'ab' is no SHA-256 fingerprint", "https://127.0.0.1:1", "ab")]
    [InlineData("--fingerprint is for a CA that is served by TLS", "http://127.0.0.1:1", null)]
    public async Task Mistakes_of_usage_are_refused_before_the_server_is_called(string message, string ca, string? fingerprint)
    {
        using var session = new Session();

        Result result = await session.RunRawAsync("chain", "--ca", ca, "--fingerprint", fingerprint ?? new string('a', 64));

        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_fault()
    {
        using var session = new Session();

        Result result = await session.RunRawAsync("chain", "--ca", "https://127.0.0.1:1", "--fingerprint", new string('a', 64));

        Assert.Equal((ExitCode.Fault, ""), (result.ExitCode, result.Output));
        Assert.Contains("cannot be reached", result.Error, StringComparison.Ordinal);
    }

    private static async Task<string> FingerprintAsync(Session session)
    {
        using var root = X509Certificate2.CreateFromPem((await session.RunAsync("get", "serverless-root-ca-dev")).Done().Output);
        return string.Join(':', root.GetCertHash(HashAlgorithmName.SHA256).Select(octet => octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));
    }
}
