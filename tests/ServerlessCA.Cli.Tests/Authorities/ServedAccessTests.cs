using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Authorities;

/// <summary>Tests how <c>request</c> and <c>serve</c> authenticate each other.</summary>
public sealed class ServedAccessTests
{
    private const string Token = "token-for-tests-only";

    [Fact]
    public async Task The_token_comes_from_the_environment_or_a_file_and_never_travels_in_the_clear()
    {
        using Session session = await new Session().WithCaAsync();
        string file = session.Folder.Write("token", $"{Token}\n");
        string other = session.Folder.Write("other", "another-token-for-tests");
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session, "--token-file", file);

        Result without = await RequestAsync(session, served.Url);
        Result wrong = await RequestAsync(session, served.Url, "--token-file", other);
        Assert.False(Directory.Exists(session.Certs));
        (await RequestAsync(session, served.Url, "--token-file", file)).Done();
        session.Variables["SERVERLESS_CA_TOKEN"] = Token;
        (await RequestAsync(session, served.Url)).Done();
        Result clear = await RequestAsync(session, "http://ca.example.com");

        foreach (Result refused in (Result[])[without, wrong])
        {
            Assert.Equal(ExitCode.Fault, refused.ExitCode);
            Assert.StartsWith($"error: '{served.Url}/' answered 40", refused.Error, StringComparison.Ordinal);
            Assert.Contains("\nhint: give the token (variable SERVERLESS_CA_TOKEN, or --token-file)", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(ExitCode.Usage, clear.ExitCode);
        Assert.Contains("would be sent in the clear", clear.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, clear.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TLS_is_checked_against_the_CA_file_and_the_token_goes_over_it()
    {
        using Session session = await new Session().WithCaAsync();
        string bundle = await BundleAsync(session);
        string token = session.Folder.Write("token", Token);
        using Session stranger = await new Session().WithCaAsync();
        string other = await BundleAsync(stranger);
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session, "--tls-name", "127.0.0.1", "--token-file", token);
        string otherName = served.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

        Result untrusted = await RequestAsync(session, served.Url, "--token-file", token);
        Result mistaken = await RequestAsync(session, served.Url, "--token-file", token, "--ca-file", other);
        Result elsewhere = await RequestAsync(session, otherName, "--token-file", token, "--ca-file", bundle);

        foreach ((Result refused, string why, string hint) in ((Result, string, string)[])
        [
            (untrusted, "no CA that this machine trusts has signed its certificate", "name the CA that signed the server's certificate: --ca-file"),
            (mistaken, $"no CA of '{other}' has signed its certificate, which is of '", "give the root of the CA that signed it: --ca-file"),
            (elsewhere, "its certificate is for 127.0.0.1, not for localhost", "call it by a name that its certificate has"),
        ])
        {
            Assert.Equal(ExitCode.Fault, refused.ExitCode);
            Assert.Contains($"cannot be reached: {why}", refused.Error, StringComparison.Ordinal);
            Assert.Contains($"\nhint: {hint}", refused.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("RemoteCertificate", refused.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("PartialChain", refused.Error, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("--ca-file", elsewhere.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Certs));
        (await RequestAsync(session, served.Url, "--token-file", token, "--ca-file", bundle)).Done();
    }

    [Fact]
    public async Task A_client_certificate_is_shown()
    {
        using Session session = await new Session().WithCaAsync();
        string bundle = await BundleAsync(session);
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session, "--tls-name", "127.0.0.1", "--allow-client", "caller");
        (await session.RunAsync("request", "--common-name", "stranger", "--out", session.Folder.At("stranger"))).Done();

        Result nobody = await RequestAsync(session, served.Url, "--ca-file", bundle);
        Result stranger = await RequestAsync(session, served.Url, "--ca-file", bundle, "--client-cert", session.Folder.At("stranger", "client-cert-combined.pem"));

        Assert.Contains("\nhint: give the token (variable SERVERLESS_CA_TOKEN, or --token-file) or a client certificate (--client-cert)", nobody.Error, StringComparison.Ordinal);
        Assert.Contains("'stranger'", stranger.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Certs));
        (await RequestAsync(session, served.Url, "--ca-file", bundle, "--client-cert", session.Folder.At("caller", "client-cert-combined.pem"))).Done();
        (await RequestAsync(
            session, served.Url, "--ca-file", bundle, "--client-cert", session.Folder.At("caller", "client-cert.pem"),
            "--client-key", session.Folder.At("caller", "client-cert-key.pem"))).Done();
        Result mixed = await RequestAsync(
            session, served.Url, "--ca-file", bundle, "--client-cert", session.Folder.At("caller", "client-cert.pem"),
            "--client-key", session.Folder.At("stranger", "client-cert-key.pem"));
        Assert.Contains("is not the key of", mixed.Error, StringComparison.Ordinal);
    }

    private static async Task<string> BundleAsync(Session session)
    {
        (await session.RunAsync("request", "--common-name", "caller", "--out", session.Folder.At("caller"))).Done();
        return session.Folder.At("caller", "ca-bundle.pem");
    }

    private static Task<Result> RequestAsync(Session session, string address, params string[] more) =>
        session.RunRawAsync(["request", "--common-name", "a", "--out", session.Certs, "--ca", address, .. more]);
}
