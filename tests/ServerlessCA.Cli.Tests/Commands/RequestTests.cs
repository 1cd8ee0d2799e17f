using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Tests.Commands;

public sealed class RequestTests
{
    [Fact]
    public async Task A_request_writes_four_files_that_belong_together()
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();

        (await session.RunAsync("request", "--common-name", "client.example.com", "--out", session.Certs)).Done();

        string bundle = Path.Combine(session.Certs, "ca-bundle.pem");
        string certificate = Path.Combine(session.Certs, "client-cert.pem");
        string key = Path.Combine(session.Certs, "client-cert-key.pem");
        OpenSsl.Verify(certificate, bundle);
        Assert.Equal(OpenSsl.Run("pkey", "-in", key, "-pubout"), OpenSsl.Run("x509", "-in", certificate, "-noout", "-pubkey"));
        Assert.Equal((await session.RunAsync("chain")).Output, File.ReadAllText(bundle));
        Assert.Equal(
            File.ReadAllText(key) + File.ReadAllText(certificate) + File.ReadAllText(bundle),
            session.Folder.Read("certs", "client-cert-combined.pem"));
        Assert.Equal(
            ["ca-bundle.pem", "client-cert-combined.pem", "client-cert-key.pem", "client-cert.pem"],
            Directory.EnumerateFileSystemEntries(session.Certs).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Whatever_holds_a_key_is_for_its_owner_only()
    {
        using Session session = await new Session().WithCaAsync();

        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();

        Assert.Equal("700", Modes.Of(session.Certs));
        Assert.Equal("600", Modes.Of(Path.Combine(session.Certs, "client-cert-key.pem")));
        Assert.Equal("600", Modes.Of(Path.Combine(session.Certs, "client-cert-combined.pem")));
        Assert.Equal("644", Modes.Of(Path.Combine(session.Certs, "client-cert.pem")));
        Assert.Equal("644", Modes.Of(Path.Combine(session.Certs, "ca-bundle.pem")));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task The_key_is_never_in_the_output(string format)
    {
        using Session session = await new Session().WithCaAsync();

        Result result = (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs, "--output", format, "-v")).Done();

        using var key = ECDsa.Create();
        key.ImportFromPem(session.Folder.Read("certs", "client-cert-key.pem"));
        byte[] secret = key.ExportParameters(includePrivateParameters: true).D!;
        string all = result.Output + result.Error;
        string[] lines = [.. session.Folder.Read("certs", "client-cert-key.pem").Split('\n').Where(line => line.Length > 20 && line[0] != '-')];
        Assert.NotEmpty(lines);
        Assert.All(lines.Append(Convert.ToHexString(secret)).Append(Convert.ToBase64String(secret)[..40]),
            part => Assert.DoesNotContain(part, all, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("PRIVATE KEY", all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ec-p256", "EC, P-256")]
    [InlineData("ec-p384", "EC, P-384")]
    [InlineData("ec-p521", "EC, P-521")]
    [InlineData("rsa-2048", "RSA, 2048 bits")]
    [InlineData("rsa-3072", "RSA, 3072 bits")]
    [InlineData("rsa-4096", "RSA, 4096 bits")]
    [InlineData("ed25519", "Ed25519")]
    [InlineData("ml-dsa-44", "ML-DSA-44")]
    [InlineData("ml-dsa-65", "ML-DSA-65")]
    [InlineData("ml-dsa-87", "ML-DSA-87")]
    public async Task Every_kind_of_key_gets_a_certificate(string type, string shown)
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();

        (await session.RunAsync("request", "--common-name", "a", "--key-type", type, "--out", session.Certs)).Done();

        JsonElement details = (await session.RunAsync("show", "a", "--output", "json")).Done().Json.GetProperty("Certificates")[0];
        Assert.Equal(shown, details.GetProperty("Key").GetString());
        if (!type.StartsWith("ml-dsa", StringComparison.Ordinal)) // OpenSSL has it from 3.5 on
        {
            string certificate = Path.Combine(session.Certs, "client-cert.pem");
            OpenSsl.Verify(certificate, Path.Combine(session.Certs, "ca-bundle.pem"));
            Assert.Equal(
                OpenSsl.Run("pkey", "-in", Path.Combine(session.Certs, "client-cert-key.pem"), "-pubout"),
                OpenSsl.Run("x509", "-in", certificate, "-noout", "-pubkey"));
        }
    }

    [Theory]
    [InlineData("ec-p256")]
    [InlineData("ed25519")]
    public async Task A_passphrase_encrypts_the_key_file(string type)
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();
        string file = session.Folder.Write("passphrase", "pässword for tests\n");
        session.Variables["KEY_PASSPHRASE"] = "pässword for tests";

        (await session.RunAsync("request", "--common-name", "a", "--key-type", type, "--name", "a", "--key-passphrase-file", file, "--out", session.Certs)).Done();
        (await session.RunAsync("request", "--common-name", "b", "--key-type", type, "--name", "b", "--key-passphrase-env", "KEY_PASSPHRASE", "--out", session.Certs)).Done();

        foreach (string name in new[] { "a", "b" })
        {
            string key = Path.Combine(session.Certs, $"{name}-key.pem");
            Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", File.ReadAllText(key), StringComparison.Ordinal);
            Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", session.Folder.Read("certs", $"{name}-combined.pem"), StringComparison.Ordinal);
            Assert.Equal(
                OpenSsl.Run("x509", "-in", Path.Combine(session.Certs, $"{name}.pem"), "-noout", "-pubkey"),
                OpenSsl.Run("pkey", "-in", key, "-passin", $"file:{file}", "-pubout"));
        }
    }

    [Fact]
    public async Task Every_option_reaches_the_certificate()
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();

        JsonElement answer = (await session.RunAsync(
            "request", "--common-name", "all.example.com", "--country", "GB", "--state", "England", "--locality", "London",
            "--organization", "Example Org", "--organizational-unit", "Tests", "--email-address", "all@example.com",
            "--lifetime", "77", "--purpose", "server_auth", "--purpose", "client_auth", "--eku", "CODE_SIGNING", "--eku", "1.3.6.1.4.1.311.20.2.2",
            "--san", "all.example.com", "--san", "ip:192.0.2.7", "--san", "IP_ADDRESS:2001:db8::7", "--san", "email:a@example.com",
            "--san", "url:spiffe://example.com/all", "--san", "dn:CN=other,O=Example Org",
            "--cert-bundle", "--notify-expiry", "true", "--notify-issued", "false", "--out", session.Certs, "--output", "json")).Done().Json;

        string path = answer.GetProperty("Files").GetProperty("Certificate").GetString()!;
        string text = OpenSsl.Run("x509", "-in", path, "-noout", "-text", "-nameopt", "RFC2253,-esc_msb");
        Assert.Contains("ST=England,OU=Tests,O=Example Org,L=London,emailAddress=all@example.com,C=GB,CN=all.example.com", text, StringComparison.Ordinal);
        Assert.Contains("TLS Web Server Authentication, TLS Web Client Authentication, Code Signing, Microsoft Smartcard Login", text, StringComparison.Ordinal);
        Assert.Contains(
            "DNS:all.example.com, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7, email:a@example.com, URI:spiffe://example.com/all, DirName:",
            text, StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllText(path).Split("-----BEGIN CERTIFICATE-----").Length - 1);
        JsonElement shown = (await session.RunAsync("show", "all.example.com", "--output", "json")).Done().Json.GetProperty("Certificates")[0];
        Assert.True(shown.GetProperty("NotifyExpiry").GetBoolean());
        Assert.Equal(77, Math.Round((TimeOf(shown, "Expires") - TimeOf(shown, "Issued")).TotalDays));
    }

    [Fact]
    public async Task Options_win_over_the_file()
    {
        using Session session = await new Session().WithCaAsync();
        string file = session.Folder.Write("request.json", """{"common_name": "file", "organization": "File", "lifetime": 5, "sans": ["file.example.com"]}""");

        JsonElement answer = (await session.RunAsync(
            "request", "--file", file, "--common-name", "option", "--out", session.Certs, "--output", "json")).Done().Json;

        Assert.Equal("O=File,CN=option", answer.GetProperty("Subject").GetString());
        Assert.Contains("DNS_NAME file.example.com", (await session.RunAsync("show", "option")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PEM")]
    [InlineData("DER")]
    public async Task A_CSR_of_somebody_else_gets_certificate_and_bundle_only(string form)
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();
        string csr = session.Folder.At("their.csr");
        OpenSsl.Run("req", "-new", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=theirs", "-outform", form, "-keyout", session.Folder.At("their.key"), "-out", csr);

        Result result = (await session.RunAsync("request", "--csr", csr, "--common-name", "theirs.example.com", "--out", session.Certs)).Done();

        OpenSsl.Verify(Path.Combine(session.Certs, "client-cert.pem"), Path.Combine(session.Certs, "ca-bundle.pem"));
        Assert.False(File.Exists(Path.Combine(session.Certs, "client-cert-key.pem")));
        Assert.DoesNotContain("client-cert-key.pem", result.Output, StringComparison.Ordinal);
        Result again = await session.RunAsync("request", "--csr", csr, "--common-name", "theirs.example.com", "--out", session.Certs);
        Assert.Equal(ExitCode.Refused, again.ExitCode);
        Assert.Contains("hint: make a new key", again.Error, StringComparison.Ordinal);
        (await session.RunAsync("request", "--csr", csr, "--common-name", "theirs.example.com", "--force-issue", "--out", session.Certs)).Done();
    }

    [Fact]
    public async Task Request_and_CSR_may_come_through_standard_input()
    {
        using var folder = new TemporaryFolder();
        using var maker = new Session();
        (await maker.RunRawAsync("csr", "--common-name", "piped", "--name", "client-cert", "--out", maker.Certs)).Done();
        using var json = new Session { Input = Encoding.UTF8.GetBytes("""{"common_name": "piped"}""") };
        using var csr = new Session { Input = File.ReadAllBytes(Path.Combine(maker.Certs, "client-cert.csr")) };
        (await json.RunAsync("run")).Done();
        (await csr.RunAsync("run")).Done();

        (await json.RunAsync("request", "--file", "-", "--out", json.Certs)).Done();
        (await json.RunAsync("agent", "--once", "--file", "-", "--out", folder.At("agent"))).Done();
        (await csr.RunAsync("request", "--csr", "-", "--common-name", "piped", "--out", csr.Certs)).Done();
        Result both = await csr.RunAsync("request", "--csr", "-", "--file", "-", "--out", csr.Certs);

        Assert.False(File.Exists(Path.Combine(csr.Certs, "client-cert-key.pem")));
        Assert.Equal(new Result(ExitCode.Usage, "", "error: --file and --csr are both standard input\nhint: name a file for one of them\n"), both);
    }

    [Fact]
    public async Task The_same_token_answers_the_same_certificate()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("csr", "--common-name", "a", "--name", "client-cert", "--out", session.Certs)).Done();
        string[] arguments =
            ["request", "--csr", Path.Combine(session.Certs, "client-cert.csr"), "--common-name", "a", "--idempotency-token", "t", "--out", session.Certs, "--output", "json"];

        JsonElement first = (await session.RunAsync(arguments)).Done().Json;
        JsonElement second = (await session.RunAsync(arguments)).Done().Json;

        Assert.Equal(
            first.GetProperty("CertificateInfo").GetProperty("SerialNumber").GetString(),
            second.GetProperty("CertificateInfo").GetProperty("SerialNumber").GetString());
    }

    [Fact]
    public async Task A_name_that_is_left_out_is_a_warning()
    {
        using Session session = await new Session().WithCaAsync();
        string file = session.Folder.Write("request.json", """{"common_name": "a", "sans": ["good.example.com", "bad_name"]}""");

        Result result = (await session.RunAsync("request", "--file", file, "--out", session.Certs)).Done();

        Assert.Contains("warning: sans: DNS_NAME 'bad_name' was left out", result.Error, StringComparison.Ordinal);
    }

    private static DateTimeOffset TimeOf(JsonElement json, string member)
    {
        Assert.True(Rfc3339.TryParse(json.GetProperty(member).GetString(), out DateTimeOffset time), member);
        return time;
    }
}
