using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ServerlessCA.Server.Access;

namespace ServerlessCA.Server.Tests.Metrics;

/// <summary>Has Debian's Prometheus judge: the format, the alert rules with their unit tests, the queries of the dashboard; and it
/// scrapes a real server.</summary>
public sealed class PrometheusTests
{
    private const string Package = "prometheus";
    private static readonly string Folder = Repository.At("examples", "prometheus");

    [Fact]
    public async Task Promtool_finds_nothing_wrong_with_the_metrics()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        ForeignProgram.SkipUnlessInstalled("promtool", Package);
        (await server.Http.InvokeAsync(Calls.TlsCert, Calls.Request("client.example.com"))).Ok();

        string text = (await server.Http.ReplyAsync("/metrics")).Ok().Text;
        Run run = await ForeignProgram.RunAsync("promtool", ["check", "metrics"], Folder, text);

        Assert.True(run.ExitCode == 0, run.Errors + run.Output);
        Assert.Empty(run.Output + run.Errors);
    }

    [Fact]
    public void The_alert_rules_and_the_scrape_configuration_are_valid()
    {
        ForeignProgram.SkipUnlessInstalled("promtool", Package);

        ForeignProgram.OutputIn(Folder, "promtool", "check", "config", "--syntax-only", "prometheus.yml");
        ForeignProgram.OutputIn(Folder, "promtool", "check", "rules", "--lint-fatal", "alerts.yml");
    }

    [Fact]
    public void Each_alert_fires_by_what_it_watches_and_is_quiet_otherwise()
    {
        ForeignProgram.SkipUnlessInstalled("promtool", Package);

        ForeignProgram.OutputIn(Folder, "promtool", "test", "rules", "alerts-test.yml");
    }

    [Fact]
    public void Each_alert_has_a_test_in_which_it_fires_and_one_in_which_it_does_not()
    {
        string[] alerts = [.. Values(File.ReadAllText(Path.Combine(Folder, "alerts.yml")), "- alert: ")];
        string[] tests = File.ReadAllText(Path.Combine(Folder, "alerts-test.yml")).Split("\n  - name: ")[1..];

        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert =>
        {
            string[] own = [.. tests.Where(test => test.Contains($"alertname: {alert}\n", StringComparison.Ordinal))];
            Assert.Contains(own, test => test.Contains("exp_labels:", StringComparison.Ordinal));
            Assert.Contains(own, test => test.Contains("exp_alerts: []", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task The_dashboard_and_the_alerts_name_metrics_that_the_server_has()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string text = (await server.Http.ReplyAsync("/metrics")).Ok().Text;
        string[] served = [.. Values(text, "# TYPE ").Select(line => line.Split(' ')[0])];

        foreach (string file in (string[])["dashboard.json", "alerts.yml"])
        {
            string[] named = [.. System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(Path.Combine(Folder, file)), "serverless_ca_[a-z_]+").Select(match => match.Value).Distinct()];
            Assert.NotEmpty(named);
            Assert.All(named, name => Assert.Contains(name.Replace("_bucket", "", StringComparison.Ordinal), served));
        }
    }

    [Fact]
    public async Task Every_query_of_the_dashboard_is_one_that_Prometheus_parses()
    {
        ForeignProgram.SkipUnlessInstalled("promtool", Package);
        using var folder = new TemporaryFolder();
        using JsonDocument dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "dashboard.json"), TestContext.Current.CancellationToken));
        string[] queries =
        [
            .. from panel in dashboard.RootElement.GetProperty("panels").EnumerateArray()
               from target in panel.GetProperty("targets").EnumerateArray()
               select target.GetProperty("expr").GetString()!.Replace("$instance", ".*", StringComparison.Ordinal),
        ];

        // Recording rules have any expression; JSON is YAML.
        string rules = $$"""{"groups": [{"name": "dashboard", "rules": [{{string.Join(", ", queries.Select((query, i) => $$"""{"record": "panel:query{{i}}", "expr": {{Quoted(query)}}}"""))}}]}]}""";
        folder.Write("queries.yml", rules);
        string output = ForeignProgram.OutputIn(folder.Path, "promtool", "check", "rules", "queries.yml");

        Assert.True(queries.Length >= 20);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{queries.Length} rules found"), output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_panels_of_the_dashboard_are_complete_and_do_not_overlap()
    {
        using JsonDocument dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "dashboard.json"), TestContext.Current.CancellationToken));
        var taken = new HashSet<(int X, int Y)>();
        var ids = new HashSet<int>();

        foreach (JsonElement panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
        {
            Assert.True(ids.Add(panel.GetProperty("id").GetInt32()));
            Assert.Contains(panel.GetProperty("type").GetString(), (string[])["stat", "timeseries"]);
            Assert.False(string.IsNullOrEmpty(panel.GetProperty("description").GetString()));
            JsonElement place = panel.GetProperty("gridPos");
            (int x, int y, int w, int h) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32(), place.GetProperty("w").GetInt32(), place.GetProperty("h").GetInt32());
            Assert.True(x + w <= 24, "a dashboard has 24 columns");
            Assert.All(from column in Enumerable.Range(x, w) from row in Enumerable.Range(y, h) select (column, row), cell => Assert.True(taken.Add(cell)));
            Assert.All(panel.GetProperty("targets").EnumerateArray(), target => Assert.Equal("${datasource}", target.GetProperty("datasource").GetProperty("uid").GetString()));
        }
    }

    [Fact]
    public async Task Prometheus_scrapes_a_server_by_TLS_with_the_token_and_loads_the_alerts()
    {
        ForeignProgram.SkipUnlessInstalled("prometheus", Package);
        const string TokenText = "a-token-for-prometheus-and-nothing-else";
        await using RunningServer server = await RunningServer.StartAsync(ApiCalls.WithEverything with
        {
            MetricsToken = AccessToken.TryParse(TokenText, out AccessToken? token, out _) ? token : null,
        });
        string example = await File.ReadAllTextAsync(Path.Combine(Folder, "prometheus.yml"), TestContext.Current.CancellationToken);
        server.Folder.Write("prometheus.yml", example
            .Replace("/etc/prometheus/ca-metrics-token", server.Folder.Write("metrics-token", TokenText), StringComparison.Ordinal)
            .Replace("/etc/prometheus/ca-root.pem", await SomeAccess.RootFileAsync(server), StringComparison.Ordinal)
            .Replace("ca.example.com:8443", $"127.0.0.1:{server.Port}", StringComparison.Ordinal)
            .Replace("30s", "1s", StringComparison.Ordinal));
        File.Copy(Path.Combine(Folder, "alerts.yml"), server.Folder.At("alerts.yml"));
        int port = FreePorts.Next();

        using Process prometheus = ForeignProgram.Start(
            "prometheus", $"--config.file={server.Folder.At("prometheus.yml")}", $"--storage.tsdb.path={server.Folder.At("prometheus")}", $"--web.listen-address=127.0.0.1:{port}");
        try
        {
            _ = prometheus.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            _ = prometheus.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

            // Each look costs the time that Prometheus takes to answer: there is nothing to wait for but its scrape.
            JsonElement[] found = await UntilAsync(http, "/api/v1/query?query=serverless_ca_crl_number", prometheus);
            JsonElement up = (await UntilAsync(http, "/api/v1/query?query=up", prometheus))[0];
            using JsonDocument rules = JsonDocument.Parse(await http.GetStringAsync("/api/v1/rules", TestContext.Current.CancellationToken));

            Assert.Equal(2, found.Length);
            Assert.Equal("1", up.GetProperty("value")[1].GetString());
            Assert.Equal("serverless-ca", rules.RootElement.GetProperty("data").GetProperty("groups")[0].GetProperty("name").GetString());
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<JsonElement[]> UntilAsync(HttpClient http, string query, Process prometheus)
    {
        while (!prometheus.HasExited)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            try
            {
                using JsonDocument answer = JsonDocument.Parse(await http.GetStringAsync(query, TestContext.Current.CancellationToken));
                if (answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(one => one.Clone()).ToArray() is { Length: > 0 } found)
                {
                    return found;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Yield();
        }

        throw new InvalidOperationException($"Prometheus ended with {prometheus.ExitCode}");
    }

    private static IEnumerable<string> Values(string text, string before) =>
        text.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith(before, StringComparison.Ordinal)).Select(line => line[before.Length..]);

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
