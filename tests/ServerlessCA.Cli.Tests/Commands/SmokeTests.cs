using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Checks that <c>smoke</c> passes on a sound CA, names the step that fails on another, and cleans up.</summary>
public sealed class SmokeTests
{
    [Fact]
    public async Task A_sound_CA_passes_every_step_and_the_certificate_is_revoked_afterwards()
    {
        using Session session = await new Session().WithCaAsync();

        JsonElement json = (await session.RunAsync("smoke", "--output", "json")).Done().Json;

        Assert.Equal("Passed", json.GetProperty("Status").GetString());
        Assert.Equal(["chain", "issue", "verify", "openssl", "crl", "revoke", "revoked"], Steps(json).Select(step => step.Name));
        Assert.DoesNotContain(Steps(json), step => step.Result == "Failed");
        JsonElement shown = (await session.RunAsync("show", "smoke-test.serverless-ca.invalid", "--output", "json")).Done().Json.GetProperty("Certificates")[0];
        Assert.Equal(json.GetProperty("SerialNumber").GetString(), shown.GetProperty("SerialNumber").GetString());
        Assert.Equal("revoked", shown.GetProperty("Status").GetString());
    }

    [Fact]
    public async Task It_can_be_repeated()
    {
        using Session session = await new Session().WithCaAsync();

        (await session.RunAsync("smoke")).Done();
        (await session.RunAsync("smoke")).Done();
    }

    [Fact]
    public async Task A_revoked_issuing_CA_fails_and_the_steps_that_need_a_certificate_are_skipped()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("revoke", "serverless-issuing-ca-dev")).Done();

        Result result = await session.RunAsync("smoke", "--output", "json");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Equal("Failed", result.Json.GetProperty("Status").GetString());
        Assert.Contains(("issue", "Failed"), Steps(result.Json));
        Assert.Contains(("revoked", "Skipped"), Steps(result.Json));
        Assert.False(result.Json.TryGetProperty("SerialNumber", out _));
    }

    [Fact]
    public async Task A_CRL_that_is_not_published_fails_and_the_certificate_is_revoked_all_the_same()
    {
        using Session session = await new Session().WithCaAsync();
        File.Delete(Path.Combine(session.Data, "external", "serverless-issuing-ca-dev.crl"));

        Result result = await session.RunAsync("smoke", "--output", "json");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Contains(("crl", "Failed"), Steps(result.Json));
        Assert.Contains(("revoke", "Passed"), Steps(result.Json));
        Assert.Contains(("revoked", "Passed"), Steps(result.Json)); // the revocation published the CRL again
    }

    [Fact]
    public async Task A_CRL_at_a_public_address_is_downloaded_from_there_and_only_there()
    {
        using var folder = new TemporaryFolder();
        var site = new TestSite(address => Task.FromResult<DownloadOutcome>(new DownloadOutcome.Response(
            200, "application/pkix-crl", null, File.ReadAllBytes(Path.Combine(folder.At("ca"), "external", Path.GetFileName(address.AbsolutePath))))));
        using Session session = await PublicAsync(site, folder.At("ca"));

        JsonElement json = (await session.RunRawAsync("smoke", "--output", "json", "--ca", $"local:{folder.At("ca")}")).Done().Json;

        Assert.Equal("Passed", json.GetProperty("Status").GetString());
        Assert.Equal(2, site.Requested.Count);
        Assert.All(site.Requested, address => Assert.Equal("http://ca.example.com/serverless-issuing-ca-dev.crl", address));
    }

    [Fact]
    public async Task A_stale_CRL_at_the_public_address_fails_though_the_published_file_is_right()
    {
        using var folder = new TemporaryFolder();
        byte[]? first = null;
        var site = new TestSite(address => Task.FromResult<DownloadOutcome>(new DownloadOutcome.Response(
            200, "application/pkix-crl", null, first ??= File.ReadAllBytes(Path.Combine(folder.At("ca"), "external", Path.GetFileName(address.AbsolutePath))))));
        using Session session = await PublicAsync(site, folder.At("ca"));

        Result result = await session.RunRawAsync("smoke", "--output", "json", "--wait", "0", "--ca", $"local:{folder.At("ca")}");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Equal([("revoked", "Failed")], Steps(result.Json).Where(step => step.Result == "Failed"));
        Assert.Contains("does not list it after 0 seconds", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_public_address_that_does_not_answer_fails()
    {
        using var folder = new TemporaryFolder();
        using Session session = await PublicAsync(TestSite.Nobody, folder.At("ca"));

        Result result = await session.RunRawAsync("smoke", "--output", "json", "--wait", "0", "--ca", $"local:{folder.At("ca")}");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Contains(("crl", "Failed"), Steps(result.Json));
        Assert.Contains("cannot be downloaded", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_served_CA_is_tried_with_the_token_of_operators()
    {
        await using var served = new Served.ServedCa();
        await served.InitializeAsync();

        JsonElement json = (await served.RunServedAsync("smoke", "--output", "json")).Done().Json;

        Assert.Equal("Passed", json.GetProperty("Status").GetString());
    }

    [Fact]
    public async Task Without_the_right_to_revoke_it_says_that_the_certificate_stays()
    {
        await using var served = new Served.ServedCa();
        await served.InitializeAsync();

        Result result = await served.RunWithAsync(served.RequestToken, "smoke", "--output", "json");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Contains(("revoke", "Failed"), Steps(result.Json));
        Assert.Contains(result.Json.GetProperty("Left").EnumerateArray(), left => left.GetString()!.StartsWith("The certificate is not revoked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_while_a_step_waits_revokes_the_certificate_all_the_same()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var site = new TestSite(_ =>
        {
            stop.Cancel();
            return Task.FromCanceled<DownloadOutcome>(stop.Token);
        });
        using Session session = await PublicAsync(site, folder.At("ca"));

        Result result = await session.RunUntilAsync(stop.Token, "smoke", "--output", "json", "--ca", $"local:{folder.At("ca")}");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Equal([("crl", "Failed"), ("revoked", "Failed")], Steps(result.Json).Where(step => step.Result == "Failed"));
        Assert.Equal("stopped", Text(result.Json, "crl"));
        Assert.Equal("Passed", Steps(result.Json).Single(step => step.Name == "revoke").Result);
        JsonElement shown = (await session.RunRawAsync("show", "smoke-test.serverless-ca.invalid", "--output", "json", "--ca", $"local:{folder.At("ca")}")).Done().Json;
        Assert.Equal("revoked", shown.GetProperty("Certificates")[0].GetProperty("Status").GetString());
    }

    [Fact]
    public async Task A_stop_before_the_request_issues_nothing()
    {
        using Session session = await new Session().WithCaAsync();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        Result result = await session.RunUntilAsync(stop.Token, "smoke", "--ca", $"local:{session.Data}");

        Assert.NotEqual(ExitCode.Done, result.ExitCode);
        Assert.NotEqual(ExitCode.Done, (await session.RunAsync("show", "smoke-test.serverless-ca.invalid")).ExitCode);
    }

    [Fact]
    public async Task Nobody_is_notified_of_the_issue_and_the_revocation_is_announced_like_any_other()
    {
        using Session session = await new Session().WithCaAsync();

        (await session.RunAsync("smoke")).Done();

        string[] events = [.. Directory.EnumerateFiles(Path.Combine(session.Data, "outbox"), "*", SearchOption.AllDirectories).Select(File.ReadAllText)
            .Where(text => text.Contains("smoke-test.serverless-ca.invalid", StringComparison.Ordinal))];
        Assert.Contains(NotificationSubjects.Revoked, Assert.Single(events), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_whose_policy_refuses_the_test_certificate_learns_that_the_CA_is_not_at_fault()
    {
        using var session = new Session();
        session.Folder.Write("ca/settings.json", """{"request_policies": {"web": {"common_names": ["*.web.example.com"]}}}""");
        await session.WithCaAsync();
        string token = session.Folder.Write("web-token", "callers-of-the-policy-have-this-token");
        await using BackgroundCommand serve = await BackgroundCommand.ServeAsync(session, "--token-policy", $"web={token}");

        Result result = await session.RunRawAsync("smoke", "--output", "json", "--ca", serve.Url, "--token-file", token);

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.StartsWith("refused by the policy of this caller, not by a fault: Policy \"web\" allows no common name", Text(result.Json, "issue"), StringComparison.Ordinal);
    }

    private static string Text(JsonElement json, string step) =>
        json.GetProperty("Steps").EnumerateArray().Single(one => one.GetProperty("Step").GetString() == step).GetProperty("Text").GetString()!;

    private static async Task<Session> PublicAsync(TestSite site, string data)
    {
        var session = new Session { PublicDownload = site };
        Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(Path.Combine(data, "settings.json"), """{"public_crl": true, "hosted_zone_domain": "ca.example.com"}""", TestContext.Current.CancellationToken);
        (await session.RunRawAsync("run", "--ca", $"local:{data}")).Done();
        return session;
    }

    private static (string Name, string Result)[] Steps(JsonElement json) =>
        [.. json.GetProperty("Steps").EnumerateArray().Select(step => (step.GetProperty("Step").GetString()!, step.GetProperty("Result").GetString()!))];
}
