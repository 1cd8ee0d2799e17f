using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Agent;

public sealed class AgentTests
{
    private const int Renewals = 50;

    private static readonly TimeSpan Renewal = TimeSpan.FromDays(22); // after two thirds of 30 days, and their jitter

    [Fact]
    public async Task Fifty_renewals_while_readers_load_the_files_are_never_a_mismatch()
    {
        using Session session = await RunningAgent.NewSession().WithCaAsync();
        await using var agent = new RunningAgent(session, "--ca", $"local:{session.Data}");
        await agent.UntilVersionAsync(1);
        using var done = new CancellationTokenSource();
        var seen = new ConcurrentDictionary<string, int>();
        Func<string, string>[] ways = [RunningAgent.LoadSet, RunningAgent.LoadCombined];
        Task[] readers = [.. ways.Select(load => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                seen.AddOrUpdate(load(session.Certs), 1, (_, count) => count + 1); // throws on a mismatch
            }
        }))];

        for (int version = 2; version <= Renewals + 1; version++)
        {
            ((FakeTimeProvider)session.Clock).Advance(Renewal);
            await agent.UntilVersionAsync(version);
        }

        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(Renewals + 1, (await session.RunAsync("list", "--output", "json")).Json.GetProperty("Certificates").EnumerateArray()
            .Count(row => row.GetProperty("CommonName").GetString() == "app.example.com"));
        Assert.InRange(seen.Count, 10, Renewals + 1);
        Assert.InRange(Directory.EnumerateDirectories(session.Certs, "..v*").Count(), 3, 4); // the newest, and old ones for readers
        Assert.Equal(
            [.. Enumerable.Range(1, Renewals + 1).Select(_ => "renewed")],
            Events(await agent.StopAsync()).Where(what => what == "renewed"));
    }

    [Fact]
    public async Task A_CA_that_is_down_is_asked_until_it_is_back_also_after_the_expiry()
    {
        using Session session = await RunningAgent.NewSession().WithCaAsync();
        await using BreakableServe ca = await BreakableServe.StartAsync(session);
        await using var agent = new RunningAgent(session, "--ca", ca.Address);
        await agent.UntilVersionAsync(1);
        string serial = RunningAgent.LoadSet(session.Certs);
        ca.Answer(503, "");

        ((FakeTimeProvider)session.Clock).Advance(TimeSpan.FromDays(40)); // the old certificate is long expired
        await agent.UntilAsync(() => ca.Events.Count > 6, TimeSpan.FromMinutes(1));
        Assert.Equal(serial, RunningAgent.LoadSet(session.Certs));
        ca.Broken = null;
        await agent.UntilAsync(() => agent.Version == 2, TimeSpan.FromMinutes(1));

        Assert.NotEqual(serial, RunningAgent.LoadSet(session.Certs));
        Assert.Equal(2, ca.Events.Distinct().Count()); // the same request each time, a new key for the renewal
    }

    [Fact]
    public async Task A_lost_answer_costs_no_second_certificate()
    {
        using Session session = await RunningAgent.NewSession().WithCaAsync();
        await using BreakableServe ca = await BreakableServe.StartAsync(session);
        int lost = 0;
        ca.AfterIssue = context =>
        {
            bool answers = Interlocked.Increment(ref lost) > 2;
            if (!answers)
            {
                context.Abort();
            }

            return Task.FromResult(answers);
        };

        await using (var agent = new RunningAgent(session, "--ca", ca.Address))
        {
            await agent.UntilAsync(() => lost == 1, TimeSpan.Zero);
        }

        // The agent was restarted in between: the key is stored on the disk.
        await using var second = new RunningAgent(session, "--ca", ca.Address);
        await second.UntilAsync(() => second.Version == 1, TimeSpan.FromSeconds(10));

        Assert.Equal(3, ca.Events.Count);
        Assert.Single(ca.Events.Distinct());
        Assert.Equal(3, (await session.RunAsync("list", "--output", "json")).Json.GetProperty("Certificates").GetArrayLength()); // with two CAs
        Assert.Equal(RunningAgent.LoadSet(session.Certs), RunningAgent.LoadCombined(session.Certs));
    }

    [Fact]
    public async Task What_is_there_and_not_due_stays_and_what_is_wanted_otherwise_is_requested_again()
    {
        using Session session = await new Session().WithCaAsync();
        string[] once = ["agent", "--once", "--common-name", "a", "--out", session.Certs];
        (await session.RunAsync(once)).Done();
        string first = RunningAgent.LoadSet(session.Certs);

        (await session.RunAsync(once)).Done();
        Assert.Equal(first, RunningAgent.LoadSet(session.Certs));
        (await session.RunAsync([.. once, "--organization", "Example Org"])).Done();

        Assert.NotEqual(first, RunningAgent.LoadSet(session.Certs));
        Assert.False(File.Exists(Path.Combine(session.Certs, ".agent", "pending.json")));
    }

    [Fact]
    public async Task Stopped_while_the_CA_is_at_work_it_ends_well_and_keeps_its_request()
    {
        using Session session = await RunningAgent.NewSession().WithCaAsync();
        await using BreakableServe ca = await BreakableServe.StartAsync(session);
        ca.Broken = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var agent = new RunningAgent(session, "--ca", ca.Address);
        await agent.UntilAsync(() => ca.Events.Count == 1, TimeSpan.Zero);

        Result result = await agent.StopAsync();

        Assert.True(result.ExitCode == ExitCode.Done, result.Error);
        Assert.EndsWith("stopped: as asked\n", result.Error, StringComparison.Ordinal);
        Assert.Equal("600", Modes.Of(Path.Combine(session.Certs, ".agent", "pending.json")));
    }

    [Fact]
    public async Task Another_passphrase_is_a_reason_for_new_files()
    {
        using Session session = await new Session().WithCaAsync();
        string[] once = ["agent", "--once", "--common-name", "a", "--key-passphrase-env", "PASSPHRASE", "--pkcs12", "--out", session.Certs];
        session.Variables["PASSPHRASE"] = "first for tests";
        (await session.RunAsync(once)).Done();
        (await session.RunAsync(once)).Done();
        Assert.Equal(1, RunningAgent.VersionOf(session.Certs));

        session.Variables["PASSPHRASE"] = "second for tests";
        (await session.RunAsync(once)).Done();

        Assert.Equal(2, RunningAgent.VersionOf(session.Certs));
        Assert.StartsWith("-----BEGIN ENCRYPTED", session.Folder.Read("certs", "client-cert-key.pem"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_is_notified_again_when_that_could_not_be_recorded()
    {
        using Session session = await RunningAgent.NewSession().WithCaAsync();
        string announced = session.Folder.At("certs", ".agent", "told");
        Directory.CreateDirectory(Path.Combine(announced, "in the way"));
        await using var agent = new RunningAgent(session, "--ca", $"local:{session.Data}", "--", "true");
        await agent.UntilAsync(() => agent.Journal.Contains("not-announced: it cannot be noted that the application was told", StringComparison.Ordinal), TimeSpan.Zero);

        Directory.Delete(announced, recursive: true);
        await agent.UntilAsync(() => agent.Journal.Contains(" announced: ", StringComparison.Ordinal), TimeSpan.FromSeconds(10));

        Assert.Equal(1, agent.Version);
        Assert.Equal("1", File.ReadAllText(announced));
    }

    [Fact]
    public async Task Files_that_vanish_while_it_runs_are_made_anew()
    {
        using Session session = await RunningAgent.NewSession().WithCaAsync();
        await using var agent = new RunningAgent(session, "--ca", $"local:{session.Data}");
        await agent.UntilVersionAsync(1);
        string first = RunningAgent.LoadSet(session.Certs);

        File.Delete(Path.Combine(session.Certs, "..data"));
        Directory.Delete(Path.Combine(session.Certs, "..v1"), recursive: true);
        await agent.UntilAsync(() => agent.Version == 1, TimeSpan.FromSeconds(10));

        Assert.NotEqual(first, RunningAgent.LoadSet(session.Certs));
    }

    [Fact]
    public async Task A_damaged_set_of_files_is_replaced()
    {
        using Session session = await new Session().WithCaAsync();
        string[] once = ["agent", "--once", "--common-name", "a", "--out", session.Certs];
        (await session.RunAsync(once)).Done();
        File.WriteAllText(Path.Combine(session.Certs, "..data", "client-cert.pem"), "");

        (await session.RunAsync(once)).Done();

        Assert.Equal(RunningAgent.LoadSet(session.Certs), RunningAgent.LoadCombined(session.Certs));
    }

    [Theory]
    [InlineData(ExitCode.Refused, "error: the CA refused: 0 is too short\n", "--lifetime", "0")]
    [InlineData(ExitCode.Fault, "error: there is no folder '/nowhere'", "--ca", "local:/nowhere")]
    [InlineData(ExitCode.Fault, "error: there is no CA in '/'", "--ca", "local:/", "--patience", "0s")]
    [InlineData(ExitCode.Usage, "error: serverless-ca agent does not know what to do with '--commn-name'\n", "--commn-name", "b")]
    [InlineData(ExitCode.Usage, "error: --signal and --pid-file go together\n", "--signal", "HUP")]
    [InlineData(ExitCode.Usage, "error: --renew-every '12' is not a duration\n", "--renew-every", "12")]
    [InlineData(ExitCode.Usage, "error: --owner 'nobody-of-this-name': /etc/passwd has no", "--owner", "nobody-of-this-name")]
    [InlineData(ExitCode.Usage, "error: --listen 'here' is not an address", "--listen", "here")]
    [InlineData(ExitCode.Fault, "error: 'false' ended with 1", "--", "false")]
    public async Task What_cannot_be_is_one_message(int exitCode, string message, params string[] arguments)
    {
        using Session session = await new Session().WithCaAsync();
        string[] ca = arguments.Contains("--ca") ? [] : ["--ca", $"local:{session.Data}"];

        Result result = await session.RunRawAsync(["agent", "--once", "--common-name", "a", "--out", session.Certs, .. ca, .. arguments]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message.Contains("ended", StringComparison.Ordinal) ? "could not be told" : message, result.Error, StringComparison.Ordinal);
        Assert.Equal(arguments.Contains("--") ? 1 : 0, RunningAgent.VersionOf(session.Certs));
    }

    [Fact]
    public async Task Files_of_others_and_agents_at_work_are_left_alone()
    {
        using Session session = await RunningAgent.NewSession().WithCaAsync();
        session.Folder.Write("certs/client-cert-key.pem", "precious");

        Result others = await session.RunAsync("agent", "--once", "--common-name", "a", "--out", session.Certs);
        File.Delete(Path.Combine(session.Certs, "client-cert-key.pem"));
        await using var agent = new RunningAgent(session, "--ca", $"local:{session.Data}");
        await agent.UntilVersionAsync(1);
        Result second = await session.RunAsync("agent", "--once", "--common-name", "a", "--out", session.Certs);

        Assert.StartsWith($"error: '{Path.Combine(session.Certs, "client-cert-key.pem")}' was not made by an agent", others.Error, StringComparison.Ordinal);
        Assert.StartsWith($"error: another agent works in '{session.Certs}'", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_for_their_owner_alone_or_for_a_group()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("agent", "--once", "--common-name", "a", "--out", session.Certs)).Done();

        Assert.Equal("700 700 600 600", ModesOf(session.Certs));
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root may give files away");
        string shared = session.Folder.At("shared");
        (await session.RunAsync("agent", "--once", "--common-name", "a", "--out", shared, "--owner", "4242:4243")).Done();
        Assert.Equal("750 750 640 640", ModesOf(shared));
        Assert.Equal("4242:4243", ForeignProgram.Run("stat", "-c", "%u:%g", Path.Combine(shared, "..data", "client-cert-key.pem")).Output.Trim());
    }

    [Fact]
    public async Task Programs_read_the_journal_as_JSON()
    {
        using Session session = await new Session().WithCaAsync();
        string file = session.Folder.Write("request.json", """{"common_name": "a", "sans": ["bad_name"]}""");

        Result result = (await session.RunRawAsync(
            "agent", "--once", "--file", file, "--out", session.Certs, "--ca", $"local:{session.Data}", "--output", "json", "--", "true")).Done();

        string[] events = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!["Event"]!.GetValue<string>())];
        Assert.Equal(["warning", "renewed", "announced"], events);
    }

    private static string ModesOf(string folder)
    {
        string set = Path.Combine(folder, new FileInfo(Path.Combine(folder, "..data")).LinkTarget!);
        return string.Join(' ', Modes.Of(folder), Modes.Of(set), Modes.Of(Path.Combine(set, "client-cert-key.pem")), Modes.Of(Path.Combine(set, "client-cert-combined.pem")));
    }

    private static IEnumerable<string> Events(Result result) =>
        result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[1].TrimEnd(':'));
}
