using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Server.Tests.Schedule;

/// <summary>Checks the work that the server does by itself.</summary>
public sealed class DailyWorkTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Entries_of_the_folder_are_issued_at_the_start_and_the_next_day()
    {
        var clock = new FakeTimeProvider(Now);
        var folder = new TemporaryFolder();
        WriteEntries(folder, "first.example.com");
        await using RunningServer server = await RunningServer.StartAsync(folder, clock: clock);
        Assert.Single(await server.Ca.Ledger.FindByNameAsync("first.example.com", TestContext.Current.CancellationToken));

        WriteEntries(folder, "first.example.com", "second.example.com");
        clock.Advance(TimeSpan.FromHours(23));
        clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(1));
        JsonElement[] runs = await server.Log.WaitForAsync("pipeline", 2);

        Assert.Equal([1, 1], runs.Select(run => run.GetProperty("issued").GetInt32()));
        Assert.Single(await server.Ca.Ledger.FindByNameAsync("second.example.com", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task CRLs_are_published_again_at_half_of_their_life()
    {
        var clock = new FakeTimeProvider(Now);
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { RunEvery = TimeSpan.FromDays(7) }, clock);

        clock.Advance(TimeSpan.FromHours(12)); // less than half of the life of a CRL: 24 hours and 10 minutes
        Assert.Empty(server.Log.Lines("crl"));
        clock.Advance(TimeSpan.FromMinutes(6));
        JsonElement[] lines = await server.Log.WaitForAsync("crl", 2);

        Assert.Equal([2, 2], lines.Select(line => line.GetProperty("number").GetInt64()));
    }

    [Fact]
    public async Task What_failed_is_logged_and_retried_soon()
    {
        var clock = new FakeTimeProvider(Now);
        var folder = new TemporaryFolder();
        folder.Write("gitops/tls.json", "{ this is no list");
        await using RunningServer server = await RunningServer.StartAsync(folder, clock: clock);
        Assert.Equal("Certificates", Assert.Single(server.Log.Lines("step-failed")).GetProperty("step").GetString());
        (await server.Http.InvokeAsync(Calls.TlsCert, Calls.Request("a.example.com"))).Ok(); // the rest works

        WriteEntries(folder, "mended.example.com");
        clock.Advance(TimeSpan.FromMinutes(11));
        JsonElement[] runs = await server.Log.WaitForAsync("pipeline", 2);

        Assert.Equal([true, false], runs.Select(run => run.GetProperty("failed").GetBoolean()));
    }

    private static void WriteEntries(TemporaryFolder folder, params string[] names)
    {
        foreach (string name in names.Where(name => !File.Exists(folder.At("gitops", "csrs", $"{name}.csr"))))
        {
            string csr = JsonDocument.Parse(Calls.Request(name)).RootElement.Text("base64_csr_data");
            folder.Write($"gitops/csrs/{name}.csr", csr);
        }

        folder.Write("gitops/tls.json", JsonSerializer.Serialize(names.Select(name => new { common_name = name, csr_file = $"{name}.csr" })));
    }
}

public sealed class ScheduleTests
{
    [Fact]
    public void Serve_publishes_CRLs_as_often_as_the_one_with_the_shorter_life_has_to_be_renewed()
    {
        var settings = new CaSettings
        {
            Names = new CaNames("serverless", "dev", []),
            RootCrlLife = TimeSpan.FromDays(30),
            IssuingCrlLife = TimeSpan.FromHours(9),
        };

        var schedule = Server.Schedule.Schedule.Of(settings, TimeSpan.FromDays(1));

        Assert.Equal(TimeSpan.FromHours(4.5), schedule.PublishEvery);
        Assert.True(settings.IssuingCrlLife >= CrlRenewal.LeastLife(schedule.PublishEvery));
    }
}
