using ServerlessCA.Core.Health;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Server.Access;

namespace ServerlessCA.Server.Tests.Metrics;

/// <summary>Checks what the metrics count, and who reads them.</summary>
public sealed class MetricsTests
{
    private const string MetricsTokenText = "a-token-for-prometheus-and-nothing-else";

    private static readonly ServerOptions WithTokens = ApiCalls.WithTokens with
    {
        MetricsToken = AccessToken.TryParse(MetricsTokenText, out AccessToken? token, out _) ? token : null,
    };

    [Fact]
    public async Task Certificates_refusals_and_revocations_are_counted_whoever_asked_for_them()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string request = Calls.Request("client.example.com");

        (await server.Http.InvokeAsync(Calls.TlsCert, request)).Ok();
        (await server.Http.InvokeAsync(Calls.TlsCert, request)).Ok();
        await SomeAccess.CertificateAsync(server, "unseen.example.com"); // past the server: nobody counts it
        Scrape metrics = await Scrape.OfAsync(server);

        Assert.Equal(1, metrics["serverless_ca_certificates_issued_total{kind=\"end_entity\"}"]);
        Assert.Equal(2, metrics["serverless_ca_certificates_issued_total{kind=\"ca\"}"]);
        Assert.Equal(1, metrics["serverless_ca_requests_refused_total{code=\"key_used\"}"]);
        Assert.Equal(0, metrics["serverless_ca_requests_refused_total{code=\"malformed\"}"]);
        Assert.Equal(0, metrics["serverless_ca_certificates_revoked_total"]);
        Assert.Equal(2, metrics["serverless_ca_http_requests_total{class=\"function\",status=\"200\"}"]);
        Assert.Equal(2, metrics["serverless_ca_http_request_duration_seconds_count{class=\"function\"}"]);
    }

    [Fact]
    public async Task A_revocation_counts_once_and_is_seen_on_the_CRL()
    {
        await using RunningServer server = await RunningServer.StartAsync(WithTokens);
        (await server.Http.InvokeAsync(Calls.TlsCert, Calls.Request("client.example.com"), SomeAccess.TokenText)).Ok();

        for (int i = 0; i < 2; i++)
        {
            (await server.Http.ApiAsync("POST", "/revocations", """{"CommonName": "client.example.com"}""", SomeAccess.TokenText)).Ok();
        }

        Scrape metrics = await Scrape.OfAsync(server, SomeAccess.TokenText);
        Assert.Equal(1, metrics["serverless_ca_certificates_revoked_total"]);
        Assert.Equal(1, metrics["serverless_ca_crl_entries{ca=\"serverless-issuing-ca-dev\"}"]);
        Assert.Equal(0, metrics["serverless_ca_crl_entries{ca=\"serverless-root-ca-dev\"}"]);
    }

    [Fact]
    public async Task The_numbers_of_the_CAs_are_those_of_their_certificates_and_CRLs()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Scrape metrics = await Scrape.OfAsync(server);

        IReadOnlyList<CaState> states = await new CaStates(server.Ca).ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["serverless-root-ca-dev", "serverless-issuing-ca-dev"], states.Select(state => state.Name));
        foreach (CaState state in states)
        {
            string label = $"{{ca=\"{state.Name}\"}}";
            CertificateAuthority ca = (await CertificateAuthority.FindAsync(server.Ca.Ledger, state.Name, TestContext.Current.CancellationToken))!;
            Assert.Equal(ca.Certificate.NotAfter.ToUnixTimeSeconds(), metrics[$"serverless_ca_ca_not_after_timestamp_seconds{label}"]);
            Assert.Equal(state.Crl!.Number, metrics[$"serverless_ca_crl_number{label}"]);
            Assert.Equal(state.Crl.NextUpdate.ToUnixTimeSeconds(), metrics[$"serverless_ca_crl_next_update_timestamp_seconds{label}"]);
            Assert.Equal(1, metrics[$"serverless_ca_crl_published{label}"]);
            Assert.InRange(metrics[$"serverless_ca_crl_age_seconds{label}"], 0, 3600);
        }
    }

    [Fact]
    public async Task A_run_that_fails_says_which_step_did()
    {
        var folder = new TemporaryFolder();
        folder.Write("gitops/tls.json", "no JSON");
        await using RunningServer server = await RunningServer.StartAsync(folder);

        Scrape metrics = await Scrape.OfAsync(server);

        Assert.Equal((0, 1), (metrics["serverless_ca_runs_total{result=\"done\"}"], metrics["serverless_ca_runs_total{result=\"failed\"}"]));
        Assert.Equal(1, metrics.Where("serverless_ca_run_step_failed").Sum(sample => sample.Value));
        Assert.Empty(metrics.Where("serverless_ca_run_last_success_timestamp_seconds"));
    }

    [Fact]
    public async Task A_notification_that_waits_is_seen()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Ca.Ledger.AddToOutboxAsync(new Notification("one", NotificationSubjects.Issued, "{}"), onceOnly: false, TestContext.Current.CancellationToken);

        Scrape metrics = await Scrape.OfAsync(server);

        Assert.Equal(1, metrics["serverless_ca_notifications_waiting{place=\"outbox\"}"]);
        Assert.Equal(0, metrics["serverless_ca_notifications_waiting{place=\"queue\"}"]);
    }

    [Fact]
    public async Task Every_program_of_this_machine_reads_them_where_callers_need_no_credentials()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Reply got = (await server.Http.ReplyAsync("/metrics")).Ok();
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = "ca.example.com" } };

        Assert.Equal(("text/plain; version=0.0.4; charset=utf-8", "no-store"), (got.Headers["content-type"], got.Headers["cache-control"]));
        Assert.Equal(403, (await server.Http.ReplyAsync(foreign)).Status);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("a-token-of-another-server", 401)]
    [InlineData(MetricsTokenText, 200)]
    [InlineData(ApiCalls.RequestTokenText, 200)]
    [InlineData(SomeAccess.TokenText, 200)]
    public async Task Elsewhere_a_token_is_needed(string? token, int status)
    {
        await using RunningServer server = await RunningServer.StartAsync(WithTokens);

        Assert.Equal(status, (await Scrape.ReplyAsync(server, token)).Status);
    }

    [Fact]
    public async Task The_token_of_the_metrics_admits_to_nothing_else()
    {
        await using RunningServer server = await RunningServer.StartAsync(WithTokens);

        Assert.Equal(401, (await server.Http.InvokeAsync(Calls.TlsCert, Calls.Request("a.example.com"), MetricsTokenText)).Status);
        Assert.Equal(401, (await server.Http.ReadAsync("/certificates", MetricsTokenText)).Status);
        Assert.Equal(401, (await server.Http.ReadAsync("/health", MetricsTokenText)).Status);
    }

    [Fact]
    public async Task No_name_of_a_client_and_nothing_that_a_caller_chooses_is_in_them()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        (await server.Http.InvokeAsync(Calls.TlsCert, Calls.Request("secret-project.example.com"))).Ok();
        for (int i = 0; i < 50; i++)
        {
            await server.Http.ReplyAsync($"/chosen-{i}/by-{i}");
        }

        Reply got = (await server.Http.ReplyAsync("/metrics")).Ok();

        Assert.DoesNotContain("secret-project", got.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("chosen", got.Text, StringComparison.Ordinal);
        Assert.Contains("serverless_ca_http_requests_total{class=\"other\",status=\"404\"} 50\n", got.Text, StringComparison.Ordinal);
    }
}

/// <summary>Holds the samples of one scrape.</summary>
public sealed class Scrape
{
    private readonly Dictionary<string, double> samples;

    private Scrape(Dictionary<string, double> samples) => this.samples = samples;

    /// <summary>The value of a sample, with its labels.</summary>
    public double this[string sample] => samples.TryGetValue(sample, out double value) ? value : throw new KeyNotFoundException($"{sample} is none of\n{string.Join('\n', samples.Keys)}");

    /// <summary>All samples of a family.</summary>
    public IEnumerable<KeyValuePair<string, double>> Where(string family) =>
        samples.Where(sample => sample.Key == family || sample.Key.StartsWith($"{family}{{", StringComparison.Ordinal));

    /// <summary>Scrapes a server.</summary>
    public static async Task<Scrape> OfAsync(RunningServer server, string? token = null)
    {
        string text = (await ReplyAsync(server, token)).Ok().Text;
        return new Scrape(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>Gets the answer of a scrape.</summary>
    public static async Task<Reply> ReplyAsync(RunningServer server, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (token is not null)
        {
            request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token);
        }

        return await server.Http.ReplyAsync(request);
    }
}
