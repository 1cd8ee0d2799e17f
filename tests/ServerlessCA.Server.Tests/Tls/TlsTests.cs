using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server.Tests.Tls;

/// <summary>Checks TLS: the server's certificate, and clients with certificates.</summary>
public sealed class TlsTests
{
    private static readonly TlsSource Own = new TlsSource.OwnCertificate(["127.0.0.1", "ca.example.com"]);

    [Fact]
    public async Task The_CA_issues_its_server_a_certificate_that_clients_accept()
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { Tls = Own });
        using HttpClient client = await SomeAccess.ClientAsync(server);

        (await client.InvokeAsync(Calls.Expiry)).Ok();

        Assert.StartsWith("https://127.0.0.1:", server.Server.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Openssl_accepts_the_servers_chain_for_each_of_its_names()
    {
        OpenSsl.IsNeeded();
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { Tls = Own });
        string root = await SomeAccess.RootFileAsync(server);

        foreach (string[] name in (string[][])[["-verify_ip", "127.0.0.1"], ["-verify_hostname", "ca.example.com"]])
        {
            string output = OpenSsl.Run(
                ["s_client", "-connect", $"127.0.0.1:{server.Port}", "-CAfile", root, "-verify_return_error", "-x509_strict", "-purpose", "sslserver", .. name]);
            Assert.Contains("Verify return code: 0 (ok)", output, StringComparison.Ordinal);
        }

        (bool accepted, _) = OpenSsl.Judge(
            "s_client", "-connect", $"127.0.0.1:{server.Port}", "-CAfile", root, "-verify_return_error", "-verify_hostname", "other.example.com");
        Assert.False(accepted);
    }

    [Fact]
    public async Task A_name_of_one_label_is_one_where_the_settings_allow_it()
    {
        OpenSsl.IsNeeded();
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { Tls = new TlsSource.OwnCertificate(["localhost"]) });
        string root = await SomeAccess.RootFileAsync(server);

        string output = OpenSsl.Run(
            "s_client", "-connect", $"127.0.0.1:{server.Port}", "-CAfile", root, "-verify_return_error", "-verify_hostname", "localhost");

        Assert.Contains("Verify return code: 0 (ok)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_admits_until_it_is_revoked()
    {
        await using RunningServer server = await WithClientsAsync("caller=operate");
        using X509Certificate2 certificate = await SomeAccess.CertificateAsync(server, "caller");
        using HttpClient client = await SomeAccess.ClientAsync(server, certificate);

        (await client.InvokeAsync(Calls.Expiry)).Ok();
        await RevokeAsync(server, certificate, "caller");
        Reply refused = await client.InvokeAsync(Calls.Expiry); // on the connection that was open before

        Assert.Equal((403, "AccessDeniedException"), (refused.Status, refused.Fault));
        Assert.StartsWith("The client certificate does not admit: it was revoked on ", refused.Message, StringComparison.Ordinal);
        Assert.Equal("certificate caller", server.Log.Lines("request")[0].GetProperty("caller").GetString());
    }

    [Fact]
    public async Task Curl_comes_in_with_a_client_certificate_and_not_without()
    {
        await using RunningServer server = await WithClientsAsync("caller=operate");
        using X509Certificate2 certificate = await SomeAccess.CertificateAsync(server, "caller");
        string root = await SomeAccess.RootFileAsync(server);
        server.Folder.Write("client.pem", certificate.ExportCertificatePem());
        server.Folder.Write("client-key.pem", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        string[] call = ["-sS", "--noproxy", "*", "--cacert", root, "-X", "POST", "-w", "%{http_code}", $"{server.Server.Url}{Calls.PathOf(Calls.Expiry)}"];

        (int with, string admitted, string error) = await ForeignProgram.RunAsync(
            "curl", ["--cert", "client.pem", "--key", "client-key.pem", .. call], server.Folder.Path);
        (_, string refused, _) = await ForeignProgram.RunAsync("curl", call, server.Folder.Path);

        Assert.True(with == 0, error);
        Assert.Equal("null200", admitted);
        Assert.EndsWith("401", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_that_do_not_admit_are_refused_with_the_reason()
    {
        await using RunningServer server = await WithClientsAsync("caller");
        await using RunningServer foreign = await RunningServer.StartAsync();

        await RefusedAsync(server, await SomeAccess.CertificateAsync(server, "caller", "server_auth"), "it is not for clients");
        await RefusedAsync(server, await SomeAccess.CertificateAsync(server, "another"), "'another' is not among the names that are admitted");
        await RefusedAsync(server, await SomeAccess.CertificateAsync(foreign, "caller"), "it is not of this CA");
    }

    [Fact]
    public async Task An_expired_certificate_does_not_admit()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions(), clock);
        using X509Certificate2 certificate = await SomeAccess.CertificateAsync(server, "caller", lifetime: 1);
        var admit = new Core.Access.AdmitClient(server.Ca);

        Assert.Null((await admit.RunAsync(certificate.RawData, [SomeAccess.Client("*")], TestContext.Current.CancellationToken)).WhyNot);
        await server.StopAsync();
        clock.Advance(TimeSpan.FromDays(2));

        Assert.StartsWith(
            "it expired on ", (await admit.RunAsync(certificate.RawData, [SomeAccess.Client("*")], TestContext.Current.CancellationToken)).WhyNot, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_servers_own_certificate_is_renewed_while_it_runs()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { Tls = Own }, clock);
        string first = await ShownAsync(server);

        clock.Advance(TimeSpan.FromDays(19));
        Assert.Equal(first, await ShownAsync(server));
        clock.Advance(TimeSpan.FromDays(2));
        await server.Log.WaitForAsync("server-certificate", 2);

        Assert.NotEqual(first, await ShownAsync(server));
    }

    [Fact]
    public async Task Files_are_served_and_read_again_when_they_change()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var folder = new TemporaryFolder();
        await using RunningServer issuer = await RunningServer.StartAsync();
        await WriteAsync(issuer, folder, "first.example.com");
        await using RunningServer server = await RunningServer.StartAsync(
            new ServerOptions { Tls = new TlsSource.Files(folder.At("tls.pem"), folder.At("tls-key.pem")) }, clock);
        Assert.Equal("CN=first.example.com", await SubjectAsync(server));

        await WriteAsync(issuer, folder, "second.example.com");
        for (clock.Advance(TimeSpan.FromSeconds(31)); await SubjectAsync(server) != "CN=second.example.com";)
        {
            await Task.Yield();
        }
    }

    [Theory]
    [InlineData("not a name")]
    [InlineData("localhost")]
    [InlineData("")]
    public async Task A_name_that_gets_no_certificate_stops_the_start_before_there_is_one(string name)
    {
        Deployment? ca = null;

        TlsUnusableException fault = await Assert.ThrowsAsync<TlsUnusableException>(() => RunningServer.StartAsync(
            new ServerOptions { Tls = new TlsSource.OwnCertificate(["ca.example.com", name]) },
            change: made => ca = made with { Settings = made.Settings with { SingleLabelNames = false } }));

        Assert.StartsWith($"the server's name '{name}' must ", fault.Message, StringComparison.Ordinal);
        Assert.Empty(await ca!.Ledger.FindByNameAsync("ca.example.com", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_issuing_CA_that_TLS_cannot_show_stops_the_start()
    {
        Assert.SkipWhen(System.Security.Cryptography.MLDsa.IsSupported, "this system's TLS knows ML-DSA");
        var folder = new TemporaryFolder();
        folder.Write("ca/settings.json", """{"issuing_ca_key_spec": "ML_DSA_44"}""");

        TlsUnusableException fault = await Assert.ThrowsAsync<TlsUnusableException>(
            () => RunningServer.StartAsync(folder, new ServerOptions { Tls = Own }));

        Assert.StartsWith("this system's TLS knows no ML-DSA", fault.Message, StringComparison.Ordinal);
        folder.Dispose();
    }

    private static Task<RunningServer> WithClientsAsync(string name) =>
        RunningServer.StartAsync(new ServerOptions { Tls = Own, Access = new AccessPolicy([], [SomeAccess.Client(name)]) });

    private static async Task RefusedAsync(RunningServer server, X509Certificate2 certificate, string why)
    {
        using HttpClient client = await SomeAccess.ClientAsync(server, certificate);
        Reply reply = await client.InvokeAsync(Calls.Expiry);
        Assert.Equal((403, $"The client certificate does not admit: {why}."), (reply.Status, reply.Message));
        certificate.Dispose();
    }

    private static async Task RevokeAsync(RunningServer server, X509Certificate2 certificate, string name)
    {
        var row = new RowId(name, SerialNumber.FromBigEndian(certificate.SerialNumberBytes.Span));
        await new RevokeCertificate(server.Ca).RunAsync(row, RevocationReason.KeyCompromise, TestContext.Current.CancellationToken);
    }

    private static async Task WriteAsync(RunningServer issuer, TemporaryFolder folder, string name)
    {
        using X509Certificate2 certificate = await SomeAccess.CertificateAsync(issuer, name, "server_auth");
        folder.Write("tls-key.pem", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        folder.Write("tls.pem", certificate.ExportCertificatePem());
    }

    private static async Task<string> ShownAsync(RunningServer server) => (await CertificateAsync(server)).SerialNumber;

    private static async Task<string> SubjectAsync(RunningServer server) => (await CertificateAsync(server)).Subject;

    private static async Task<X509Certificate2> CertificateAsync(RunningServer server)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var tcp = new System.Net.Sockets.TcpClient();
        await tcp.ConnectAsync("127.0.0.1", server.Port, cancellation);
        await using var tls = new SslStream(tcp.GetStream());
        var options = new SslClientAuthenticationOptions { TargetHost = "127.0.0.1" };
#pragma warning disable CA5359 // only inspected here; other tests verify it
        options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(options, cancellation);
        return X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
    }
}
