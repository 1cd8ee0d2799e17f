using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ServerlessCA.Cli.Tests.MutualTls;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Trusting;

/// <summary>Tests that what <c>trust</c> shows and does makes real programs trust a real server of the CA, and that they do not trust
/// it before.</summary>
public sealed class TrustTests
{
    private const string Fetch = "import sys, urllib.request; urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sys.argv[1]).read(); print('trusted')";

    [Fact]
    public async Task The_root_and_its_fingerprint_are_shown_for_every_system_with_the_file_that_is_there()
    {
        using Session session = await new Session().WithCaAsync();

        JsonElement shown = (await session.RunAsync("trust", "--output", "json")).Done().Json;

        string file = Path.Combine(session.Data, "external", "serverless-root-ca-dev.crt");
        using X509Certificate2 root = X509CertificateLoader.LoadCertificateFromFile(file);
        Assert.Equal(file, shown.GetProperty("File").GetString());
        Assert.Equal(root.GetCertHashString(HashAlgorithmName.SHA256), shown.GetProperty("Sha256").GetString()!.Replace(":", "", StringComparison.Ordinal));
        Assert.Equal(
            ["debian", "rhel", "macos", "windows", "java", "firefox", "nginx", "go", "python", "node"],
            shown.GetProperty("Systems").EnumerateArray().Select(one => one.GetProperty("Name").GetString()));
        Assert.Contains(root.Thumbprint, shown.GetProperty("Systems")[3].GetProperty("Undo")[0].GetString(), StringComparison.Ordinal);
        Assert.All(
            shown.GetProperty("Systems").EnumerateArray(),
            one => Assert.Contains(file, $"{one.GetProperty("Steps")}{one.GetProperty("Note")}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_root_of_a_served_CA_is_written_where_out_says()
    {
        using Session session = await new Session().WithCaAsync();
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session);
        string file = session.Folder.At("our root's.crt");

        Result before = (await session.RunRawAsync("trust", "--ca", served.Url, "--system", "python")).Done();
        Result result = (await session.RunRawAsync("trust", "--ca", served.Url, "--out", file, "--system", "python")).Done();

        Assert.Contains("Serverless-Root-CA.crt, which is not written yet", before.Output, StringComparison.Ordinal);
        Assert.Equal((await session.RunAsync("get", "serverless-root-ca-dev")).Output, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Contains($"SSL_CERT_FILE='{file.Replace("'", "'\\''", StringComparison.Ordinal)}' python3", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    [InlineData("debian")]
    public async Task The_steps_that_are_shown_make_a_program_trust_a_server(string system)
    {
        using Session session = await new Session().WithCaAsync();
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session, "--tls-name", "localhost");
        string url = Localhost(served);
        string step = (await session.RunAsync("trust", "--system", system, "--output", "json")).Done().Json.GetProperty("Systems")[0].GetProperty(system == "debian" ? "Note" : "Steps").ToString();
        string root = Path.Combine(session.Data, "external", "serverless-root-ca-dev.crt");
        (string variables, string program) = system switch
        {
            "python" => ($"SSL_CERT_FILE={root}", $"python3 -c \"{Fetch}\" {url}"),
            "node" => ($"NODE_EXTRA_CA_CERTS={root}", $"node -e \"require('https').get('{url}', reply => reply.resume().on('end', () => console.log('trusted'))).on('error', error => process.exit(1))\""),
            _ => ("", "curl"),
        };
        ForeignProgram.SkipUnlessInstalled(program.Split(' ')[0]);

        if (system == "debian")
        {
            Assert.Contains($"curl --cacert {root}", step, StringComparison.Ordinal);
            Assert.NotEqual(0, (await Curl.RunAsync(["-sS", url])).ExitCode);
            Assert.Equal(0, (await Curl.RunAsync(["-sS", "--cacert", root, url])).ExitCode);
            return;
        }

        Assert.Contains(variables, step, StringComparison.Ordinal);
        Assert.NotEqual(0, ForeignProgram.Run("/bin/sh", "-c", program).ExitCode);
        Assert.Contains("trusted", ForeignProgram.OutputIn(session.Folder.Path, "/bin/sh", "-c", $"{variables} {program}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lines_for_nginx_admit_clients_of_the_CA_and_no_others()
    {
        ForeignProgram.SkipUnlessInstalled("nginx", "nginx");
        using Session session = await new Session().WithCaAsync();
        using Session other = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "localhost", "--purpose", "server_auth", "--san", "127.0.0.1", "--name", "server", "--out", session.Certs)).Done();
        (await session.RunAsync("request", "--common-name", "client", "--name", "client", "--out", session.Certs)).Done();
        (await other.RunAsync("request", "--common-name", "client", "--name", "client", "--out", other.Certs)).Done();
        JsonElement steps = (await session.RunAsync("trust", "--system", "nginx", "--output", "json")).Done().Json.GetProperty("Systems")[0].GetProperty("Steps");

        await using ForeignServer server = await ForeignServer.StartAsync(
            "nginx", session.Folder, "server", string.Join(' ', steps.EnumerateArray().Select(step => step.GetString())));

        Assert.True(ForeignClient.Ask("curl", session.Folder, "client", server.Port).Accepted);
        session.Folder.Write("certs/foreign.pem", other.Folder.Read("certs", "client.pem"));
        session.Folder.Write("certs/foreign-key.pem", other.Folder.Read("certs", "client-key.pem"));
        Assert.False(ForeignClient.Ask("curl", session.Folder, "foreign", server.Port).Accepted);
    }

    [Fact]
    public async Task On_Debian_the_bundle_and_the_links_get_the_root()
    {
        ForeignProgram.SkipUnlessInstalled("update-ca-certificates", "ca-certificates");
        using Session session = await new Session().WithCaAsync();
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session, "--tls-name", "localhost");
        using Session other = await new Session().WithCaAsync();
        string another = (await other.RunAsync("get", "serverless-root-ca-dev")).Done().Output;
        session.Folder.Write("root/usr/local/share/ca-certificates/another.crt", another); // without any root the script writes no bundle
        Directory.CreateDirectory(session.Folder.At("root", "etc", "ssl", "certs"));
        string bundle = session.Folder.At("root", "etc", "ssl", "certs", "ca-certificates.crt");

        JsonElement now = (await InstallAsync(session, "debian", "root")).Done().Json;
        string file = session.Folder.At("root", "usr", "local", "share", "ca-certificates", "serverless-root-ca-dev.crt");
        (DateTime, DateTime) written = (File.GetLastWriteTimeUtc(file), File.GetLastWriteTimeUtc(bundle));
        JsonElement again = (await InstallAsync(session, "debian", "root")).Done().Json;

        Assert.Equal((bundle, false), (now.GetProperty("Store").GetString(), now.GetProperty("TrustedBefore").GetBoolean()));
        Assert.True(again.GetProperty("TrustedBefore").GetBoolean());
        Assert.Equal(written, (File.GetLastWriteTimeUtc(file), File.GetLastWriteTimeUtc(bundle)));
        Assert.NotEqual(0, (await Curl.RunAsync(["-sS", Localhost(served)])).ExitCode);
        Assert.Equal(0, (await Curl.RunAsync(["-sS", "--cacert", bundle, Localhost(served)])).ExitCode);
        Assert.Equal(0, (await Curl.RunAsync(["-sS", "--capath", Path.GetDirectoryName(bundle)!, Localhost(served)])).ExitCode);
        foreach (JsonElement step in now.GetProperty("Systems")[0].GetProperty("Undo").EnumerateArray())
        {
            _ = ForeignProgram.OutputIn(session.Folder.Path, "/bin/sh", "-c", $"PATH=$PATH:/usr/sbin; {step.GetString()}");
        }

        Assert.Equal(another, await File.ReadAllTextAsync(bundle, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Java_trusts_a_server_by_the_keystore_and_a_second_time_changes_nothing()
    {
        ForeignProgram.SkipUnlessInstalled("keytool", "default-jdk-headless");
        using Session session = await new Session().WithCaAsync();
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session, "--tls-name", "localhost");
        string program = session.Folder.Write("Get.java", """
            public class Get { public static void main(String[] a) throws Exception { java.net.URI.create(a[0]).toURL().openStream().readAllBytes(); System.out.println("trusted"); } }
            """);
        string store = session.Folder.At("trust.p12");

        Assert.False((await InstallAsync(session, "java", "trust.p12")).Done().Json.GetProperty("TrustedBefore").GetBoolean());
        byte[] before = File.ReadAllBytes(store);
        JsonElement again = (await InstallAsync(session, "java", "trust.p12")).Done().Json;

        Assert.True(again.GetProperty("TrustedBefore").GetBoolean());
        Assert.Equal(before, File.ReadAllBytes(store));
        Assert.NotEqual(0, ForeignProgram.Run("java", program, Localhost(served)).ExitCode);
        Assert.Contains("trusted", ForeignProgram.OutputIn(session.Folder.Path, "java", $"-Djavax.net.ssl.trustStore={store}", "-Djavax.net.ssl.trustStorePassword=changeit", program, Localhost(served)), StringComparison.Ordinal);
        Result refused = await session.RunAsync("trust", "--system", "java", "--install", "--store", store, "--store-password-file", session.Folder.Write("wrong", "wrong password\n"));
        Assert.Equal(ExitCode.Fault, refused.ExitCode);
        Assert.Contains("keytool failed with exit code 1", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong password", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nss_takes_a_server_for_valid_and_no_other_root_of_the_name_is_replaced()
    {
        ForeignProgram.SkipUnlessInstalled("certutil", "libnss3-tools");
        using Session session = await new Session().WithCaAsync();
        using Session other = await new Session().WithCaAsync();
        string database = $"sql:{session.Folder.At("nss")}";
        (await session.RunAsync("request", "--common-name", "localhost", "--purpose", "server_auth", "--san", "127.0.0.1", "--out", session.Certs)).Done();
        session.Folder.Write("issuing.pem", (await session.RunAsync("get", "serverless-issuing-ca-dev")).Done().Output);

        Assert.False((await InstallAsync(session, "firefox", "nss")).Done().Json.GetProperty("TrustedBefore").GetBoolean());
        Assert.True((await InstallAsync(session, "firefox", "nss")).Done().Json.GetProperty("TrustedBefore").GetBoolean());

        Certutil("-A", "-d", database, "-n", "issuing", "-t", ",,", "-a", "-i", session.Folder.At("issuing.pem"));
        Certutil("-A", "-d", database, "-n", "server", "-t", ",,", "-a", "-i", Path.Combine(session.Certs, "client-cert.pem"));
        Assert.Contains("certificate is valid", Certutil("-V", "-d", database, "-n", "server", "-u", "V"), StringComparison.Ordinal);
        Result refused = await other.RunAsync("trust", "--system", "firefox", "--install", "--store", session.Folder.At("nss"));
        Assert.Equal(ExitCode.Fault, refused.ExitCode);
        Assert.Contains("has another certificate named 'serverless-root-ca-dev': it is not replaced", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CT,C,C", "serverless-root-ca-dev", true)]
    [InlineData("C,p,p", "our root", true)]
    [InlineData("p,p,p", "serverless-root-ca-dev", false)]
    [InlineData("p,p,p", "our root", false)]
    [InlineData(",,", "serverless-root-ca-dev", false)]
    [InlineData("c,C,", "serverless-root-ca-dev", false)]
    public async Task The_trust_that_somebody_chose_for_the_root_in_Nss_stays_as_it_is(string flags, string nickname, bool isTrusted)
    {
        ForeignProgram.SkipUnlessInstalled("certutil", "libnss3-tools");
        using Session session = await new Session().WithCaAsync();
        string database = $"sql:{session.Folder.At("nss")}";
        Directory.CreateDirectory(session.Folder.At("nss"));
        Certutil("-N", "-d", database, "--empty-password");
        Certutil("-A", "-d", database, "-n", nickname, "-t", flags, "-a", "-i", Path.Combine(session.Data, "external", "serverless-root-ca-dev.crt"));
        string before = Certutil("-L", "-d", database);

        Result result = await InstallAsync(session, "firefox", "nss");

        Assert.Contains($" {flags}", before, StringComparison.Ordinal);
        Assert.Equal(before, Certutil("-L", "-d", database));
        Assert.Equal(isTrusted ? ExitCode.Done : ExitCode.Fault, result.ExitCode);
        if (isTrusted)
        {
            Assert.True(result.Json.GetProperty("TrustedBefore").GetBoolean());
            return;
        }

        Assert.Contains($"has this root already, as '{nickname}' with the trust flags '{flags}', which do not trust it for TLS servers: they are not changed", result.Error, StringComparison.Ordinal);
        using JsonDocument error = JsonDocument.Parse(result.Error);
        string remedy = error.RootElement.GetProperty("Hint").GetString()!.Replace("if it is to be trusted: ", "", StringComparison.Ordinal);
        _ = ForeignProgram.OutputIn(session.Folder.Path, "/bin/sh", "-c", remedy);
        Assert.True((await InstallAsync(session, "firefox", "nss")).Done().Json.GetProperty("TrustedBefore").GetBoolean());
    }

    [Theory]
    [InlineData("--install needs a system", "--install")]
    [InlineData("--install does not do it for macos", "--install", "--system", "macos")]
    [InlineData("options of a store are given without --install", "--store", "a")]
    [InlineData("only Java's keystore has a password here", "--install", "--system", "debian", "--store-password-env", "A")]
    [InlineData("--system 'debain' is unknown", "--system", "debain")]
    public async Task Wrong_usage_changes_nothing(string message, params string[] options)
    {
        using Session session = await new Session().WithCaAsync();

        Result result = await session.RunAsync(["trust", .. options]);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private static Task<Result> InstallAsync(Session session, string system, string store) =>
        session.RunAsync("trust", "--system", system, "--install", "--store", session.Folder.At(store), "--output", "json");

    private static string Localhost(BackgroundCommand served) => served.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal).TrimEnd('/') + "/";

    private static string Certutil(params string[] arguments) => ForeignProgram.OutputIn(Directory.GetCurrentDirectory(), "certutil", arguments);
}
