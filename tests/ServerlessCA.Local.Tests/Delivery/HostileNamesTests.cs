using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MimeKit;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Local.Tests.WholeRuns;
using ServerlessCA.Slack.Tests.Fakes;
using Xunit;

namespace ServerlessCA.Local.Tests.Delivery;

/// <summary>Issues certificates with hostile names, and reads what a mail server, Slack and a webhook get of them: a name is one
/// text and nothing else.</summary>
public sealed class HostileNamesTests
{
    private const int MostOctetsOfALine = 998; // RFC 5321 §4.5.3.1.6, without CR and LF

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("x\r\nBcc: victim@example.test\r\n.\r\nMAIL FROM:<e@example.test>")]
    [InlineData("x\nX-Injected: yes\n\n{\"Subject\":\"Forged\"}")]
    [InlineData("x\u2028*Serial Number:*\u2029`1`\u0085Bcc: victim@example.test")]
    [InlineData("moc.elpmaxe.lliv\u202egro.elpmaxe\u2066\u200f")]
    [InlineData("<img src=x onerror=alert(1)></td><a href='http://e.test'>")]
    [InlineData("<!channel> <!here> @here <@U123> <https://e.test|Approve>")]
    [InlineData("\",\"Subject\":\"Forged\",\"x\":\"=?utf-8?q?=0D=0ABcc:_v?=")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task Each_receiver_reads_the_name_of_a_certificate_as_one_text(string name)
    {
        await using MailServer mail = MailServer.Start();
        await using FakeSlack slack = await FakeSlack.StartAsync();
        await using LoopbackServer webhook = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        using var token = new Variable(FakeSlack.Token);
        using var secret = new Variable("correct horse battery staple");
        using var folder = new TemporaryFolder();
        LocalDeployment.WriteGitOps(folder);
        using LocalDeployment ca = await LocalDeployment.OpenAsync(folder, Cancellation, Settings(mail, slack, webhook, token, secret));
        await new RunPipeline(ca.Deployment).RunAsync(Cancellation);
        await ca.SendAsync(Cancellation);
        int before = mail.Taken.Count;

        byte[] request = Request(name);
        IssueOutcome issued = await new IssueCertificate(ca.Deployment).RunAsync(request, Cancellation);
        IssueOutcome again = await new IssueCertificate(ca.Deployment).RunAsync(request, Cancellation); // with a key that is used up
        DeliveryReport report = await ca.SendAsync(Cancellation);

        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(Assert.IsType<IssueOutcome.Issued>(issued).Record.CertificatePem);
        Assert.Equal(name, certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
        Assert.IsNotType<IssueOutcome.Issued>(again);
        Assert.True(report.IsComplete, string.Join(", ", report.Targets.Select(target => $"{target.Target}: {target.Problem}")));
        Assert.Equal(before + 2, mail.Taken.Count);
        Assert.All(mail.Taken, WasMailedAsOneText);
        Assert.Equal(mail.Taken.Count, mail.Commands.Count(command => command.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(mail.Taken.Count, webhook.Requests.Count);
        Assert.All(webhook.Requests.TakeLast(2), request => WasSentAsOneText(request, name));
        Assert.Equal(mail.Taken.Count, slack.PostsIn("ops").Count);
        Assert.All(slack.PostsIn("ops"), post => Assert.All(Texts(post["blocks"]!), WasPostedAsOneText));
    }

    private static void WasMailedAsOneText(TakenMail taken)
    {
        Assert.Equal(["RCPT TO:<ops@example.test>"], taken.To.Select(to => to.Split(' ')[0] + " " + to.Split(' ')[1]));
        Assert.All(taken.Data.Split("\r\n"), line => Assert.True(Encoding.UTF8.GetByteCount(line) <= MostOctetsOfALine, line));
        string[] headers = [.. taken.Data.Split("\r\n\r\n")[0].Split("\r\n").Where(line => line[0] is not (' ' or '\t')).Select(line => line.Split(':')[0])];
        Assert.All(headers, header => Assert.Contains(header, new[]
        {
            "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding", "Date", "From", "MIME-Version", "Message-Id", "Subject", "To", "X-Serverless-CA-Id",
        }));

        MimeMessage read = MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(taken.Data)), Cancellation);
        Assert.Equal(["ops@example.test"], read.GetRecipients().Select(one => one.Address));
        Assert.Null(read.HtmlBody);
        Assert.DoesNotContain(read.Subject!, Misleads);
        string[] lines = read.TextBody!.ReplaceLineEndings("\n").Split('\n');
        Assert.All(lines, line => Assert.DoesNotContain(line, Misleads));
        Assert.All(lines, line => Assert.Matches(
            "^$|^Certificate Issued$|^Certificate Request Rejected$|^CA Certificate|^(Common name|Serial number|Issued|Expires|Subject|Warnings|Lifetime \\(days\\)|Purposes|Subject alternative names|Reason|Code|Field|Hint|Project|Time|Event): ", line));
    }

    private static void WasSentAsOneText(ReceivedRequest request, string name)
    {
        Assert.DoesNotContain("X-Injected", request.Headers.Keys);
        using JsonDocument body = JsonDocument.Parse(request.Body);
        Assert.Equal(["Id", "Subject", "Time", "Message"], body.RootElement.EnumerateObject().Select(member => member.Name));
        JsonElement message = body.RootElement.GetProperty("Message");
        JsonElement about = message.TryGetProperty("CertificateInfo", out JsonElement info) ? info : message.GetProperty("CSRInfo");
        Assert.Equal(name, about.GetProperty("CommonName").GetString());
    }

    // What Slack would take for a mention, a link or another line (Block Kit, mrkdwn), and what turns the direction of writing.
    private static void WasPostedAsOneText(string text)
    {
        Assert.DoesNotContain('<', text);
        Assert.DoesNotContain('>', text);
        Assert.DoesNotMatch("(^|[^\\w])@(here|channel|everyone)", text);
        Assert.DoesNotContain(text, letter => letter != '\n' && Misleads(letter));
        Assert.True(!text.StartsWith("*Common Name:*", StringComparison.Ordinal) || text.Count(letter => letter == '\n') == 1, text);
    }

    private static bool Misleads(char letter) =>
        char.IsControl(letter) || letter is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static IEnumerable<string> Texts(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Value is null ? [] : Texts(member.Value)),
        JsonArray elements => elements.SelectMany(element => element is null ? [] : Texts(element)),
        JsonValue value when value.TryGetValue(out string? text) => [text],
        _ => [],
    };

    private static byte[] Request(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string csr = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["common_name"] = name,
            ["organization"] = name + new string('o', 1000),
            ["sans"] = new JsonArray(name, "ok.example.test"),
            ["base64_csr_data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(csr)),
            ["notify_issued"] = true,
        }.ToJsonString());
    }

    private static string Settings(MailServer mail, FakeSlack slack, LoopbackServer webhook, Variable token, Variable secret) => $$"""
        {
          "root_ca_key_spec": "ECC_NIST_P256",
          "notifications": [
            {"type": "slack", "token_env": "{{token.Name}}", "channels": ["ops"], "base_url": "{{slack.BaseAddress}}"},
            {"type": "webhook", "url": "{{new Uri(webhook.Address, "hook")}}", "secret_env": "{{secret.Name}}"},
            {"type": "smtp", "host": "127.0.0.1", "port": {{mail.Port.ToString(CultureInfo.InvariantCulture)}}, "tls": "none", "from": "Our CA <ca@example.test>", "to": ["ops@example.test"]}
          ]
        }
        """;
}
