using System.Security.Cryptography.X509Certificates;
using System.Text;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests that other programs read DER and PKCS #12.</summary>
public sealed class RequestFormTests
{
    private const string Passphrase = "passphrase for tests";

    [Theory]
    [InlineData("ec-p256")]
    [InlineData("rsa-2048")]
    [InlineData("ed25519")]
    public async Task PKCS_12_is_read_by_openssl_java_and_the_platform(string type)
    {
        OpenSsl.IsNeeded();
        using Session session = await RequestAsync(type, "--pkcs12");
        string store = Path.Combine(session.Certs, "client-cert.p12");
        string file = session.Folder.At("passphrase");

        string read = OpenSsl.Run("pkcs12", "-in", store, "-passin", $"file:{file}", "-nodes");

        Assert.Equal("600", Modes.Of(store));
        Assert.Equal(3, read.Split("-----BEGIN CERTIFICATE-----").Length - 1);
        Assert.Equal(
            OpenSsl.Run("pkey", "-in", Path.Combine(session.Certs, "client-cert-key.pem"), "-passin", $"file:{file}", "-pubout"),
            OpenSsl.Run("x509", "-in", Path.Combine(session.Certs, "client-cert.pem"), "-noout", "-pubkey"));
        if (type != "ed25519") // the platform has no such keys
        {
            using X509Certificate2 loaded = X509CertificateLoader.LoadPkcs12FromFile(store, Passphrase);
            Assert.True(loaded.HasPrivateKey);
        }

        (int exitCode, string output) = ForeignProgram.Run("keytool", "-list", "-v", "-keystore", store, "-storetype", "PKCS12", "-storepass:file", file);
        Assert.True(exitCode == 0, output);
        Assert.Contains("Entry type: PrivateKeyEntry", output, StringComparison.Ordinal);
        Assert.Contains("Certificate chain length: 3", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DER_is_read_by_openssl()
    {
        OpenSsl.IsNeeded();
        using Session session = await RequestAsync("ec-p384", "--der");

        Assert.Equal("600", Modes.Of(Path.Combine(session.Certs, "client-cert-key.der")));
        Assert.Equal(
            OpenSsl.Run("x509", "-inform", "DER", "-in", Path.Combine(session.Certs, "client-cert.der"), "-noout", "-pubkey"),
            OpenSsl.Run("pkey", "-inform", "DER", "-in", Path.Combine(session.Certs, "client-cert-key.der"), "-passin", $"file:{session.Folder.At("passphrase")}", "-pubout"));
    }

    [Fact]
    public async Task PKCS_12_without_a_passphrase_is_wrong_usage()
    {
        using Session session = await new Session().WithCaAsync();

        Result result = await session.RunAsync("request", "--common-name", "a", "--pkcs12", "--out", session.Certs);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.StartsWith("error: --pkcs12 needs a passphrase\nhint: ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("request", "--common-name", "a")]
    [InlineData("csr", "--common-name", "a", "--name", "client-cert")]
    [InlineData("agent", "--once", "--common-name", "a")]
    public async Task A_passphrase_comes_through_standard_input_too(params string[] command)
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session { Input = Encoding.UTF8.GetBytes($"{Passphrase}\r\n") }.WithCaAsync();
        string file = session.Folder.Write("passphrase", Passphrase);

        (await session.RunAsync([.. command, "--key-passphrase-file", "-", "--out", session.Certs])).Done();

        OpenSsl.Run("pkey", "-in", Path.Combine(session.Certs, "client-cert-key.pem"), "-passin", $"file:{file}", "-noout");
    }

    private static async Task<Session> RequestAsync(string type, string form)
    {
        Session session = await new Session().WithCaAsync();
        string file = session.Folder.Write("passphrase", $"{Passphrase}\n");
        (await session.RunAsync("request", "--common-name", "a", "--key-type", type, form, "--key-passphrase-file", file, "--out", session.Certs)).Done();
        return session;
    }
}
