using System.Net;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Delivery;
using ServerlessCA.Local.Downloads;
using ServerlessCA.Slack;
using Xunit;

namespace ServerlessCA.Local.Tests.Delivery.Targets;

/// <summary>Checks the message when the certificate of a webhook's, a mail, Slack's or a file server is not accepted:
/// it names the certificate's names or times, and the remedy. The servers speak real TLS.</summary>
public sealed class TlsServerTests : IDisposable
{
    private const string OtherName = "its certificate is for mail.example.com, not for 127.0.0.1; call it by a name that its certificate has";
    private const string Unknown = "no CA that this machine trusts has signed its certificate; ";
    private const string Expired = "its certificate is good from ";
    private const string Expiry = ", and it is another time now; compare this machine's clock; else the server needs a new certificate";

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("mail.example.com", false, OtherName, "")]
    [InlineData("mail.example.com", true, OtherName, "")] // the name of the server is reported first
    [InlineData(null, true, Expired, Expiry)]
    [InlineData(null, false, Unknown, "")]
    public async Task Nobody_reads_the_platforms_words_of_a_servers_certificate(string? name, bool expired, string begins, string ends)
    {
        using var certificate = new ServerCertificate(name, expired);

        string[] reason =
        [
            await WebhookAsync(certificate.Server), await SlackAsync(certificate.Server), await DownloadAsync(certificate.Server),
            await MailAsync(certificate.Server, "tls"), await MailAsync(certificate.Server, "starttls"),
        ];

        Assert.All(reason, text => AssertReason(text, begins, ends));
    }

    [Theory]
    [InlineData("mail.example.com", false, OtherName, "")]
    [InlineData(null, true, Expired, Expiry)]
    public async Task A_mail_server_of_a_CA_in_the_file_is_reported_with_what_is_wrong_with_its_certificate(string? name, bool expired, string begins, string ends)
    {
        using var certificate = new ServerCertificate(name, expired);
        await File.WriteAllTextAsync(folder.At("roots.pem"), certificate.RootPem, Cancellation);

        AssertReason(await MailAsync(certificate.Server, "starttls", """, "ca_file":"roots.pem" """), begins, ends);
    }

    [Fact]
    public async Task A_mail_server_of_another_CA_than_those_of_the_file_is_reported_with_the_file()
    {
        using var certificate = new ServerCertificate();
        using var other = new ServerCertificate();
        await File.WriteAllTextAsync(folder.At("roots.pem"), other.RootPem, Cancellation);

        string reason = await MailAsync(certificate.Server, "tls", """, "ca_file":"roots.pem" """);

        AssertReason(reason, $"no CA of '{folder.At("roots.pem")}' has signed its certificate, which is of 'CN=", "give the root of the CA that signed it: ca_file in the target's settings");
    }

    [Fact]
    public async Task A_port_that_speaks_no_TLS_is_reported_as_one()
    {
        await using MailServer server = MailServer.Start();

        foreach (string reason in new[] { await WebhookAsync(server.Port), await DownloadAsync(server.Port), await MailAsync(server.Port, "tls", "") })
        {
            AssertReason(reason, "it does not speak TLS on this port; ", "");
        }
    }

    private static void AssertReason(string text, string begins, string ends)
    {
        string reason = text.Split(": ", 2) is ["127.0.0.1 cannot be reached" or "127.0.0.1 does not take mail", var rest] ? rest : text;
        Assert.StartsWith(begins, reason, StringComparison.Ordinal);
        Assert.EndsWith(ends, reason, StringComparison.Ordinal);
        foreach (string word in new[] { "RemoteCertificate", "SSL", "inner exception", "remote certificate", "Exception", "\n" })
        {
            Assert.DoesNotContain(word, text, StringComparison.Ordinal);
        }
    }

    private static async Task<string> WebhookAsync(X509Certificate2 certificate)
    {
        await using MailServer server = MailServer.Start(certificate, tlsFromTheStart: true);
        return await WebhookAsync(server.Port);
    }

    private static async Task<string> WebhookAsync(int port)
    {
        using var secret = new Variable("correct horse battery staple");
        using HttpClient http = SlackHttp.Create();
        IDeliveryTarget target = TestTargets.Create(
            $$"""[{"type":"webhook","url":"https://127.0.0.1:{{port}}/hook","secret_env":"{{secret.Name}}"}]""", http)[0];
        return ReasonOf(await target.SendAsync(QueuedEvents.Issued(), Cancellation));
    }

    private static async Task<string> SlackAsync(X509Certificate2 certificate)
    {
        await using MailServer server = MailServer.Start(certificate, tlsFromTheStart: true);
        using HttpClient http = SlackHttp.Create();
        var client = new SlackClient(http, TimeProvider.System, new Uri($"https://127.0.0.1:{server.Port}/"), new SlackRetryPolicy { Attempts = 1 });
        Assert.True(SlackToken.TryParse("xoxb-1234567890-abcdefghij", out SlackToken? token, out _));
        return (await client.PostAsync(token, "{}", Cancellation)).Reason;
    }

    private static async Task<string> DownloadAsync(X509Certificate2 certificate)
    {
        await using MailServer server = MailServer.Start(certificate, tlsFromTheStart: true);
        return await DownloadAsync(server.Port);
    }

    private static async Task<string> DownloadAsync(int port)
    {
        using var download = new HttpDownload(TimeProvider.System, new WebProxy());
        return Assert.IsType<DownloadOutcome.Failure>(await download.DownloadAsync(new Uri($"https://127.0.0.1:{port}/a.crl"), 1000, Cancellation)).Why;
    }

    private async Task<string> MailAsync(X509Certificate2 certificate, string tls, string more = "")
    {
        await using MailServer server = MailServer.Start(certificate, tlsFromTheStart: tls == "tls");
        string reason = await MailAsync(server.Port, tls, more);
        Assert.Empty(server.Taken);
        return reason;
    }

    private async Task<string> MailAsync(int port, string tls, string more)
    {
        using var http = new HttpClient();
        IDeliveryTarget target = TestTargets.Create(
            $$"""[{"type":"smtp","host":"127.0.0.1","port":{{port}},"from":"ca@example.test","to":["ops@example.test"],"tls":"{{tls}}"{{more}}}]""", http, folder: folder.Path)[0];
        return ReasonOf(await target.SendAsync(QueuedEvents.Issued(), Cancellation));
    }

    private static string ReasonOf(DeliveryOutcome outcome)
    {
        Assert.Equal(DeliveryResult.Unavailable, outcome.Result);
        return outcome.Reason;
    }
}
