using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server.Tests.Tls;

/// <summary>Looks at the server's TLS from outside, with OpenSSL, as scanners do.</summary>
public sealed class OutsideTests
{
    private const string Lowest = "@SECLEVEL=0"; // lets OpenSSL offer what it would not use by itself

    // RFC 9113 §9.2.2 and its appendix A: an ephemeral key exchange and an AEAD cipher.
    private static readonly string[] Good = ["GCM-SHA256", "GCM-SHA384", "CHACHA20-POLY1305"];

    private static readonly ServerOptions WithTls = new() { Tls = new TlsSource.OwnCertificate(["127.0.0.1"]) };

    [Theory]
    [InlineData("-tls1", false)]
    [InlineData("-tls1_1", false)]
    [InlineData("-tls1_2", true)]
    [InlineData("-tls1_3", true)]
    public async Task Only_TLS_1_2_and_1_3_are_spoken(string version, bool isSpoken)
    {
        await using RunningServer server = await RunningServer.StartAsync(WithTls);

        Assert.Equal(isSpoken, Handshake(server, version, "-cipher", $"ALL:{Lowest}").IsDone);
    }

    [Fact]
    public async Task Every_cipher_of_TLS_1_2_that_is_taken_has_an_ephemeral_key_and_is_authenticated()
    {
        await using RunningServer server = await RunningServer.StartAsync(WithTls);
        string[] known = OpenSsl.Run("ciphers", "-tls1_2", $"ALL:COMPLEMENTOFALL:{Lowest}").Trim().Split(':');

        string[] taken = [.. known.Where(cipher => Handshake(server, "-tls1_2", "-cipher", $"{cipher}:{Lowest}").IsDone)];

        Assert.True(known.Length > 60, $"OpenSSL knows {known.Length} ciphers only");
        Assert.NotEmpty(taken);
        Assert.DoesNotContain(taken, cipher => !cipher.StartsWith("ECDHE-", StringComparison.Ordinal) || !Good.Any(end => cipher.EndsWith(end, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Ciphers_with_a_certificate_of_RSA_are_of_the_same_kind()
    {
        using var folder = new TemporaryFolder();
        using var key = RSA.Create(2048);
        using X509Certificate2 certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        folder.Write("tls.pem", certificate.ExportCertificatePem());
        folder.Write("tls-key.pem", key.ExportPkcs8PrivateKeyPem());
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { Tls = new TlsSource.Files(folder.At("tls.pem"), folder.At("tls-key.pem")) });
        string[] known = OpenSsl.Run("ciphers", "-tls1_2", $"aRSA:{Lowest}").Trim().Split(':');

        string[] taken = [.. known.Where(cipher => Handshake(server, "-tls1_2", "-cipher", $"{cipher}:{Lowest}").IsDone)];

        Assert.NotEmpty(taken);
        Assert.DoesNotContain(taken, cipher => !cipher.StartsWith("ECDHE-", StringComparison.Ordinal) || !Good.Any(end => cipher.EndsWith(end, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_client_cannot_renegotiate()
    {
        await using RunningServer server = await RunningServer.StartAsync(WithTls);

        // R asks for it: https://docs.openssl.org/3.0/man1/openssl-s_client/#connected-commands-basic.
        (_, string output, string errors) = await ForeignProgram.RunAsync(
            "openssl", ["s_client", "-connect", $"127.0.0.1:{server.Port}", "-tls1_2"], server.Folder.Path, "R\nGET /health HTTP/1.0\r\n\r\n");

        Assert.Contains("RENEGOTIATING", output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Status\"", output, StringComparison.Ordinal);
        Assert.Matches("no renegotiation|no_renegotiation|handshake failure|unexpected message|:error:|errno", errors + output);
    }

    [Fact]
    public async Task A_lowered_version_is_noticed_and_nothing_is_compressed()
    {
        await using RunningServer server = await RunningServer.StartAsync(WithTls);

        (bool isDone, string fallback) = Handshake(server, "-tls1_2", "-fallback_scsv"); // RFC 7507: the client says that it could do more
        (_, string output) = Handshake(server, "-tls1_2", "-comp");

        Assert.False(isDone, fallback);
        Assert.Contains("inappropriate fallback", fallback, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Compression: NONE", output, StringComparison.Ordinal);
        Assert.Contains("Secure Renegotiation IS supported", output, StringComparison.Ordinal); // RFC 5746
        Assert.Contains("Extended master secret: yes", output, StringComparison.Ordinal); // RFC 7627
    }

    [Theory]
    [InlineData("h2,http/1.1", "ALPN protocol: h2")]
    [InlineData("http/1.1", "ALPN protocol: http/1.1")]
    [InlineData("ftp,imap", null)]
    public async Task The_protocol_is_negotiated_and_no_other_is_spoken(string offered, string? negotiated)
    {
        await using RunningServer server = await RunningServer.StartAsync(WithTls);

        (bool isDone, string output) = Handshake(server, "-alpn", offered);

        Assert.Equal(negotiated is not null, isDone);
        Assert.Contains(negotiated ?? "no application protocol", output, StringComparison.Ordinal); // RFC 7301 §3.2: or an alert
    }

    [Theory]
    [InlineData("ECDSA+SHA1")]
    [InlineData("RSA+SHA1")]
    public async Task Nothing_is_signed_with_SHA_1(string algorithm)
    {
        await using RunningServer server = await RunningServer.StartAsync(WithTls);

        Assert.False(Handshake(server, "-tls1_2", "-sigalgs", algorithm, "-cipher", $"ALL:{Lowest}").IsDone);
    }

    [Fact]
    public async Task A_strangers_certificate_makes_the_server_call_nobody()
    {
        await using RunningServer server = await RunningServer.StartAsync(WithTls with { Access = new AccessPolicy([], [SomeAccess.Client("caller")]) });
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        string address = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}/";
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=caller", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([$"{address}ocsp"], [$"{address}issuer.cer"]));
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([$"{address}a.crl"]));
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 bare = request.Create(
            new X500DistinguishedName("CN=somebody"), X509SignatureGenerator.CreateForECDsa(issuerKey), now.AddDays(-1), now.AddDays(1), [1]);
        using X509Certificate2 certificate = bare.CopyWithPrivateKey(key);
        server.Folder.Write("stranger.pem", certificate.ExportCertificatePem());
        server.Folder.Write("stranger-key.pem", key.ExportPkcs8PrivateKeyPem());

        // Not .NET's client: to send a certificate it looks for the issuer itself.
        Run call = await ForeignProgram.RunAsync(
            "curl", ["-sS", "--noproxy", "*", "--cacert", await SomeAccess.RootFileAsync(server), "--cert", "stranger.pem", "--key", "stranger-key.pem", "-X", "POST", $"{server.Server.Url}{Calls.PathOf(Calls.Expiry)}"],
            server.Folder.Path);

        Assert.Contains("The client certificate does not admit: it is not of this CA.", call.Text, StringComparison.Ordinal);
        Assert.False(other.Pending());
    }

    private static (bool IsDone, string Output) Handshake(RunningServer server, params string[] options)
    {
        OpenSsl.IsNeeded();
        return OpenSsl.Judge(["s_client", "-connect", $"127.0.0.1:{server.Port}", .. options]);
    }
}
