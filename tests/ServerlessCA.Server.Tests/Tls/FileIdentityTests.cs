using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server.Tests.Tls;

/// <summary>Serves a certificate from files: some do not fit together, and some are replaced while the server
/// runs.</summary>
public sealed class FileIdentityTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(Now);

    private string CertificateFile => folder.At("tls.pem");

    private string KeyFile => folder.At("tls-key.pem");

    [Theory]
    [InlineData("ec", "ec")]
    [InlineData("ec", "rsa")]
    [InlineData("rsa", "ec")]
    public async Task The_key_of_another_certificate_is_said_with_both_files(string certificate, string key)
    {
        folder.Write("tls.pem", Made("CN=first", certificate).Pem);
        folder.Write("tls-key.pem", Made("CN=second", key).Key);

        Assert.Equal($"'{KeyFile}' is not the key of the certificate in '{CertificateFile}', 'CN=first': give a certificate and its own key", await WhyAsync());
    }

    [Fact]
    public async Task A_chain_with_the_root_first_is_said_with_both_files()
    {
        (string pem, string key) = Made("CN=server");
        folder.Write("tls.pem", Made("CN=root").Pem + Made("CN=issuing").Pem + pem);
        folder.Write("tls-key.pem", key);

        Assert.Equal(
            $"'{CertificateFile}' begins with 'CN=root', and the certificate of the key in '{KeyFile}' is number 3 in it: "
            + "put the server's certificate first, then the CA that issued it, the root last or not at all",
            await WhyAsync());
    }

    [Fact]
    public async Task Files_that_hold_something_else_are_said()
    {
        (string pem, string key) = Made("CN=server");
        foreach ((string first, string second, string why) in ((string, string, string)[])
        [
            (key, pem, $"'{CertificateFile}' holds no certificate in PEM"),
            (pem, pem, $"'{KeyFile}' holds no private key in PEM"),
            ("", key, $"'{CertificateFile}' holds no certificate in PEM"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key, $"a certificate in '{CertificateFile}' cannot be read: "),
            (pem, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", $"'{KeyFile}' is not the key of the certificate in '{CertificateFile}'"),
        ])
        {
            folder.Write("tls.pem", first);
            folder.Write("tls-key.pem", second);
            Assert.StartsWith(why, await WhyAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rotation_in_two_steps_is_quiet_until_it_is_complete(bool keyFirst)
    {
        FileIdentity identity = await StartAsync("CN=old");
        (string pem, string key) = Made("CN=new");

        folder.Write(keyFirst ? "tls-key.pem" : "tls.pem", keyFirst ? key : pem);
        await RefreshAsync(identity, TimeSpan.FromSeconds(31));
        Assert.Equal("CN=old", identity.Current.TargetCertificate.Subject);

        folder.Write(keyFirst ? "tls.pem" : "tls-key.pem", keyFirst ? pem : key);
        await RefreshAsync(identity, TimeSpan.FromSeconds(31));
        Assert.Equal("CN=new", identity.Current.TargetCertificate.Subject);
    }

    [Fact]
    public async Task A_rotation_that_stays_incomplete_is_reported_after_a_while_and_then_once_an_hour()
    {
        FileIdentity identity = await StartAsync("CN=old");
        File.Delete(CertificateFile);
        await RefreshAsync(identity, TimeSpan.Zero);

        clock.Advance(TimeSpan.FromMinutes(5));
        TlsUnusableException report = await Assert.ThrowsAsync<TlsUnusableException>(() => RefreshAsync(identity, TimeSpan.Zero));
        await RefreshAsync(identity, TimeSpan.FromMinutes(59));
        await Assert.ThrowsAsync<TlsUnusableException>(() => RefreshAsync(identity, TimeSpan.FromMinutes(1)));

        Assert.EndsWith("; the certificate that was there before is still served", report.Message, StringComparison.Ordinal);
        Assert.Equal("CN=old", identity.Current.TargetCertificate.Subject);
    }

    [Fact]
    public async Task Files_that_are_replaced_by_a_link_or_keep_their_time_are_read_again()
    {
        FileIdentity identity = await StartAsync("CN=old");
        DateTime time = File.GetLastWriteTimeUtc(CertificateFile);
        (string pem, string key) = Made("CN=new");

        folder.Write("tls.pem", pem);
        folder.Write("tls-key.pem", key);
        File.SetLastWriteTimeUtc(CertificateFile, time);
        File.SetLastWriteTimeUtc(KeyFile, time);
        await RefreshAsync(identity, TimeSpan.FromSeconds(31));

        Assert.Equal("CN=new", identity.Current.TargetCertificate.Subject);
    }

    public void Dispose() => folder.Dispose();

    private async Task<FileIdentity> StartAsync(string subject)
    {
        (string pem, string key) = Made(subject);
        folder.Write("tls.pem", pem);
        folder.Write("tls-key.pem", key);
        return await FileIdentity.CreateAsync(new TlsSource.Files(CertificateFile, KeyFile), clock, TestContext.Current.CancellationToken);
    }

    private async Task RefreshAsync(FileIdentity identity, TimeSpan later)
    {
        clock.Advance(later);
        await identity.RefreshAsync(TestContext.Current.CancellationToken);
    }

    private async Task<string> WhyAsync() => (await Assert.ThrowsAsync<TlsUnusableException>(() => PreparedServer.CreateAsync(
        new ServerOptions { Listen = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0), Tls = new TlsSource.Files(CertificateFile, KeyFile) },
        clock,
        TestContext.Current.CancellationToken))).Message;

    private static (string Pem, string Key) Made(string subject, string algorithm = "ec")
    {
        if (algorithm == "rsa")
        {
            using var rsa = RSA.Create(2048);
            using X509Certificate2 ofRsa = new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
            return (ofRsa.ExportCertificatePem() + "\n", rsa.ExportPkcs8PrivateKeyPem());
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem());
    }
}
