using System.Text;
using MimeKit;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Local.Delivery;
using ServerlessCA.Slack.Tests.Fakes;
using Xunit;

namespace ServerlessCA.Local.Tests.Delivery.Targets;

public sealed class SmtpTargetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_event_arrives_as_text_with_the_certificate()
    {
        await using MailServer server = MailServer.Start();

        Assert.Equal(DeliveryOutcome.Delivered, await SendAsync(server, QueuedEvents.Issued()));

        TakenMail taken = Assert.Single(server.Taken);
        Assert.StartsWith("MAIL FROM:<ca@example.test>", taken.From, StringComparison.Ordinal);
        Assert.StartsWith("RCPT TO:<ops@example.test>", Assert.Single(taken.To), StringComparison.Ordinal);
        MimeMessage mail = Parse(taken);
        Assert.Equal("[serverless] Certificate Issued: www.example.test", mail.Subject);
        Assert.Equal("Our CA", mail.From.Mailboxes.Single().Name);
        Assert.Equal(QueuedEvents.Time.ToUnixTimeSeconds(), mail.Date.ToUnixTimeSeconds());
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Equal("issued-2535", mail.Headers["X-Serverless-CA-Id"]);
        Assert.Equal(
            """
            Certificate Issued

            Common name: www.example.test
            Serial number: 2535
            Issued: 2026-03-02 10:15:30
            Expires: 2026-04-01 10:20:30
            Subject: CN=www.example.test

            Project: serverless
            Time: 2026-03-02 10:20:30 UTC
            Event: issued-2535

            """.ReplaceLineEndings("\r\n"),
            mail.TextBody!.ReplaceLineEndings("\r\n"));
        MimePart certificate = Assert.IsType<MimePart>(Assert.Single(mail.Attachments));
        Assert.Equal("www.example.test.pem", certificate.FileName);
        using var content = new MemoryStream();
        await certificate.Content!.DecodeToAsync(content, Cancellation);
        Assert.Equal(QueuedEvents.Pem, Encoding.ASCII.GetString(content.ToArray()));
    }

    [Fact]
    public async Task A_refusal_is_text_alone()
    {
        await using MailServer server = MailServer.Start();

        await SendAsync(server, QueuedEvents.Rejected());

        MimeMessage mail = Parse(Assert.Single(server.Taken));
        Assert.Empty(mail.Attachments);
        Assert.Contains("Subject alternative names: www.example.test, 10.0.0.1", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("Reason: 0 is too short", mail.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("Base64", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_event_has_the_same_message_id()
    {
        await using MailServer server = MailServer.Start();
        await SendAsync(server, QueuedEvents.Issued());
        await SendAsync(server, QueuedEvents.Issued());
        await SendAsync(server, QueuedEvents.Rejected());

        string[] ids = [.. server.Taken.Select(taken => Parse(taken).MessageId!)];
        Assert.Matches("^[0-9a-f]{32}@example[.]test$", ids[0]);
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    [Theory]
    [InlineData("x\r\nBcc: victim@example.test\r\n\r\nbody")]
    [InlineData("x\nBcc: victim@example.test")]
    [InlineData("x\rBcc: victim@example.test")]
    [InlineData("x\u2028Bcc: victim@example.test\u0085X: y")]
    [InlineData("x\r\n.\r\nMAIL FROM:<evil@example.test>")]
    [InlineData("=?utf-8?q?x=0D=0ABcc:_victim@example.test?=")]
    [InlineData("é\u202eü 𝒳 =?utf-8?q?=0D=0ABcc:_victim@example.test?=")]
    public async Task A_name_adds_neither_headers_nor_lines_nor_commands(string commonName)
    {
        await using MailServer server = MailServer.Start();

        Assert.Equal(DeliveryOutcome.Delivered, await SendAsync(server, QueuedEvents.Issued(commonName)));

        TakenMail taken = Assert.Single(server.Taken);
        Assert.Single(taken.To);
        MimeMessage mail = Parse(taken);
        string[] headers = taken.Data.Split("\r\n\r\n")[0].Split("\r\n");
        Assert.Equal(
            ["Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-Id", "Subject", "To", "X-Serverless-CA-Id"],
            headers.Where(line => line[0] is not (' ' or '\t')).Select(line => line.Split(':')[0]).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(mail.TextBody!.Split('\n'), line => line.StartsWith("Bcc", StringComparison.Ordinal));
        Assert.Equal(1, server.Commands.Count(command => command.StartsWith("MAIL", StringComparison.Ordinal)));
        Assert.Matches("^[A-Za-z0-9._-]{1,64}[.]pem$", ((MimePart)mail.Attachments.Single()).FileName);
    }

    [Theory]
    [InlineData("plain.example.test", "plain.example.test")]
    [InlineData("grün 𝒳 <&>", "grün 𝒳 <&>")]
    [InlineData("a\r\nb", "a  b")]
    [InlineData("=?utf-8?q?x=0D=0ABcc:_victim@example.test?=", "= ?utf-8?q?x=0D=0ABcc:_victim@example.test?=")]
    public async Task Another_mail_program_reads_the_subject_line_and_the_certificate(string commonName, string shown)
    {
        await using MailServer server = MailServer.Start();
        await SendAsync(server, QueuedEvents.Issued(commonName));
        await File.WriteAllTextAsync(folder.At("mail"), Assert.Single(server.Taken).Data, Cancellation);

        string read = await ForeignProgram.OutputAsync("python3", "-X", "utf8", "-c", """
            import email, email.policy, sys
            mail = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
            print(mail['subject'])
            print([part.get_content() for part in mail.iter_attachments()])
            """, folder.At("mail"));

        Assert.Equal(
            $"[serverless] Certificate Issued: {shown}\n[b'-----BEGIN CERTIFICATE-----\\nTUFERQ==\\n-----END CERTIFICATE-----\\n']\n", read);
    }

    [Fact]
    public async Task Each_recipient_is_a_target_and_sees_all_of_them()
    {
        await using MailServer server = MailServer.Start();
        server.Answers = word => word == "RCPT" && server.Commands[^1].Contains("gone@", StringComparison.Ordinal) ? "550 no such user" : null;
        IReadOnlyList<IDeliveryTarget> targets = Targets(server, """, "to":["gone@example.test","ops@example.test"] """);

        DeliveryOutcome[] outcomes = [await targets[0].SendAsync(QueuedEvents.Issued(), Cancellation), await targets[1].SendAsync(QueuedEvents.Issued(), Cancellation)];

        Assert.Equal([DeliveryResult.Unavailable, DeliveryResult.Delivered], outcomes.Select(outcome => outcome.Result));
        Assert.Contains("no such user", outcomes[0].Reason, StringComparison.Ordinal);
        TakenMail taken = Assert.Single(server.Taken);
        Assert.Contains("ops@", Assert.Single(taken.To), StringComparison.Ordinal);
        Assert.Equal(["gone@example.test", "ops@example.test"], Parse(taken).To.Mailboxes.Select(mailbox => mailbox.Address));
    }

    [Theory]
    [InlineData("starttls")]
    [InlineData("tls")]
    public async Task The_connection_is_encrypted_and_the_password_sent_only_then(string tls)
    {
        using var certificate = new ServerCertificate();
        await File.WriteAllTextAsync(folder.At("roots.pem"), certificate.RootPem, Cancellation);
        await using MailServer server = MailServer.Start(certificate.Server, tlsFromTheStart: tls == "tls");
        using var password = new Variable("pässword");

        DeliveryOutcome outcome = await SendAsync(
            server, QueuedEvents.Issued(), $$""", "tls":"{{tls}}", "ca_file":"roots.pem", "user":"ca", "password_env":"{{password.Name}}" """);

        Assert.Equal(DeliveryOutcome.Delivered, outcome);
        TakenMail taken = Assert.Single(server.Taken);
        Assert.Equal((true, "\0ca\0pässword"), (taken.Encrypted, taken.Credentials));
    }

    [Fact]
    public async Task A_server_of_another_CA_gets_neither_password_nor_mail()
    {
        using var certificate = new ServerCertificate();
        using var other = new ServerCertificate();
        await File.WriteAllTextAsync(folder.At("roots.pem"), other.RootPem, Cancellation);
        await using MailServer server = MailServer.Start(certificate.Server);
        using var password = new Variable("hunter2");
        string login = $$""", "tls":"starttls", "user":"ca", "password_env":"{{password.Name}}" """;

        foreach (string trust in new[] { "", """, "ca_file":"roots.pem" """, """, "ca_file":"missing.pem" """ })
        {
            DeliveryOutcome outcome = await SendAsync(server, QueuedEvents.Issued(), login + trust);
            Assert.Equal(DeliveryResult.Unavailable, outcome.Result);
            Assert.DoesNotContain("hunter2", outcome.Reason, StringComparison.Ordinal);
        }

        Assert.Empty(server.Taken);
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_without_STARTTLS_gets_nothing_in_the_clear()
    {
        await using MailServer server = MailServer.Start();
        using var password = new Variable("hunter2");
        string login = $$""", "user":"ca", "password_env":"{{password.Name}}" """;

        DeliveryOutcome outcome = await SendAsync(server, QueuedEvents.Issued(), login + """, "tls":"starttls" """);

        Assert.Equal(DeliveryResult.Unavailable, outcome.Result);
        Assert.Empty(server.Taken);
        Assert.Equal(["EHLO"], server.Commands.Select(command => command.Split(' ')[0]).Except(["QUIT"]));
        Assert.Equal(DeliveryOutcome.Delivered, await SendAsync(server, QueuedEvents.Issued(), login)); // where the operator wants none
        Assert.Contains(server.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DOT", "554 looks like spam", DeliveryResult.Refused, "127.0.0.1 refuses the mail: 554 looks like spam")]
    [InlineData("DOT", "452 disk full", DeliveryResult.Unavailable, "127.0.0.1 does not take mail: disk full")]
    [InlineData("MAIL", "451 try later", DeliveryResult.Unavailable, "127.0.0.1 does not take mail: try later")]
    [InlineData("CONNECT", "554 go away", DeliveryResult.Unavailable, "127.0.0.1 does not take mail: go away")]
    public async Task What_the_server_says_decides(string at, string answer, DeliveryResult result, string reason)
    {
        await using MailServer server = MailServer.Start();
        server.Answers = word => word == at ? answer : null;

        Assert.Equal(new DeliveryOutcome(result, reason), await SendAsync(server, QueuedEvents.Issued()));
    }

    [Fact]
    public async Task A_server_that_says_no_goodbye_has_the_mail_all_the_same()
    {
        await using MailServer server = MailServer.Start();
        server.Answers = word => word == "QUIT" ? "500 what?" : null;

        Assert.Equal(DeliveryOutcome.Delivered, await SendAsync(server, QueuedEvents.Issued()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    public async Task A_server_that_speaks_something_else_is_unavailable(string bytes)
    {
        await using RawServer server = RawServer.Start(bytes, speaksFirst: true);

        IReadOnlyList<IDeliveryTarget> targets = Targets(server.Port, "");

        Assert.Equal(DeliveryResult.Unavailable, (await targets[0].SendAsync(QueuedEvents.Issued(), Cancellation)).Result);
    }

    [Fact]
    public async Task A_server_that_hangs_is_cut_off_by_the_queue()
    {
        await using MailServer server = MailServer.Start();
        server.Answers = word => word == "DATA" ? "HANG" : null;
        var queue = new DeliveryQueue(
            folder.At("outbox"), Targets(server, ""), TimeProvider.System, new DeliveryRetryPolicy { AttemptTimeout = TimeSpan.FromSeconds(1) });
        await queue.EnqueueAsync(Contracts.Some.Event(), Cancellation);

        DeliveryReport report = await queue.DrainAsync(TimeSpan.FromMinutes(1), Cancellation);

        Assert.Equal(new TargetReport("mail to ops@example.test", 0, 1, 0, "cut off after 1 s without an answer"), Assert.Single(report.Targets));
    }

    private static MimeMessage Parse(TakenMail taken) =>
        MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(taken.Data)), Cancellation);

    private IReadOnlyList<IDeliveryTarget> Targets(MailServer server, string more) => Targets(server.Port, more);

    private IReadOnlyList<IDeliveryTarget> Targets(int port, string more)
    {
        string tls = more.Contains("\"tls\"", StringComparison.Ordinal) ? "" : ""","tls":"none" """;
        string to = more.Contains("\"to\"", StringComparison.Ordinal) ? "" : ""","to":["ops@example.test"] """;
        using var http = new HttpClient();
        return TestTargets.Create(
            $$"""[{"type":"smtp","host":"127.0.0.1","port":{{port}},"from":"Our CA <ca@example.test>"{{to}}{{tls}}{{more}}}]""", http, folder: folder.Path);
    }

    private Task<DeliveryOutcome> SendAsync(MailServer server, QueuedEvent queued, string more = "") =>
        Targets(server, more)[0].SendAsync(queued, Cancellation);
}
