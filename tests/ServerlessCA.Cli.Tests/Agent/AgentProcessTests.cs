using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Agent;

/// <summary>Runs the agent as a process of its own: it is killed, stopped and probed, and notifies an application.</summary>
public sealed partial class AgentProcessTests
{
    // The system calls that change files. strace kills the agent when it is about to make one of them.
    private const string Changes = "rename,symlink,mkdir,unlink,rmdir,chmod,fchmod,fsync,chown,lchown";

    [Fact]
    public async Task Killed_before_any_change_of_a_file_it_leaves_a_pair_that_matches()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "strace is for Linux");
        Assert.SkipUnless(ForeignProgram.Run("strace", "-f", "-o", "/dev/null", "true").ExitCode == 0, "strace may not trace here");
        using Session session = await new Session().WithCaAsync();
        await using BackgroundCommand ca = await BackgroundCommand.ServeAsync(session);
        (await OnceAsync(session, ca, "start")).Done();
        string log = session.Folder.At("strace");
        await TracedAsync(session, ca, "rehearsal", "-e", $"trace={Changes}", "-o", log);
        int killed = 0;

        foreach ((string call, int count) in CallsOf(await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)))
        {
            for (int i = 1; i <= count; i++)
            {
                string when = i.ToString(CultureInfo.InvariantCulture);
                int exitCode = await TracedAsync(session, ca, $"{call}{when}", "-e", $"trace={call}", "-e", $"inject={call}:signal=KILL:when={when}", "-o", "/dev/null");
                killed += exitCode == 0 ? 0 : 1;
                Assert.Equal(RunningAgent.LoadSet(session.Certs), RunningAgent.LoadCombined(session.Certs));
            }
        }

        Assert.True(killed >= 10, $"killed only {killed} times");
        (await OnceAsync(session, ca, "end")).Done();
        Assert.Equal(RunningAgent.LoadSet(session.Certs), RunningAgent.LoadCombined(session.Certs));
        Assert.InRange(Directory.EnumerateDirectories(session.Certs, "..v*").Count(), 1, 4);
        Assert.Contains("O=end", OpenSsl.Run("x509", "-in", Path.Combine(session.Certs, "client-cert.pem"), "-noout", "-subject", "-nameopt", "RFC2253"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_renews_signals_and_answers_probes_until_SIGTERM()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || !File.Exists("/bin/bash"), "bash is missing");
        using Session session = await new Session().WithCaAsync();
        string notified = session.Folder.At("told");
        string pid = session.Folder.At("pid");
        using Process application = ForeignProgram.Start("/bin/bash", "-c", $"trap 'echo told >> {notified}' HUP; echo $$ > {pid}.new; mv {pid}.new {pid}; while true; do sleep 0.05; done");
        await UntilAsync(() => File.Exists(pid));
        using Process agent = Executable.Start(
            session.Folder.Path, "agent", "--common-name", "a", "--out", session.Certs, "--ca", $"local:{session.Data}", "--renew-every", "1s",
            "--listen", "0", "--signal", "HUP", "--pid-file", pid, "--", "touch", session.Folder.At("touched"));
        string listening = "";
        while (!listening.Contains("listening: http://", StringComparison.Ordinal))
        {
            listening = await agent.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("it ended");
        }

        Task<Result> end = Executable.ResultOfAsync(agent);
        string address = listening[(listening.IndexOf("http://", StringComparison.Ordinal) + "http://".Length)..];
        await UntilAsync(() => File.Exists(notified) && File.ReadAllLines(notified).Length >= 2 && RunningAgent.VersionOf(session.Certs) >= 3 || end.IsCompleted);
        await UntilProbeAsync(session, address);
        using var http = new HttpClient();
        string metrics = await http.GetStringAsync(new Uri($"http://{address}/metrics"), TestContext.Current.CancellationToken);
        int version = RunningAgent.VersionOf(session.Certs);
        Assert.Equal(0, ForeignProgram.Run("kill", "-TERM", agent.Id.ToString(CultureInfo.InvariantCulture)).ExitCode);
        Result result = await end;
        application.Kill(entireProcessTree: true);

        Assert.True(result.ExitCode == ExitCode.Done, result.Error);
        Assert.EndsWith("stopped: as asked\n", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(session.Folder.At("touched")));
        Assert.Matches(@"(?m)^serverless_ca_agent_renewals_total [1-9]", metrics);
        Assert.Matches(@"(?m)^serverless_ca_agent_certificate_not_after_timestamp_seconds \d{10}$", metrics);
        Assert.True(RunningAgent.VersionOf(session.Certs) >= version);
        Assert.Equal(RunningAgent.LoadSet(session.Certs), RunningAgent.LoadCombined(session.Certs));
        Assert.Equal(ExitCode.Unhealthy, (await session.RunRawAsync("agent", "--probe", "livez", "--listen", address)).ExitCode);
    }

    private static Task<Result> OnceAsync(Session session, BackgroundCommand ca, string organization) =>
        Executable.RunAsync(session.Folder.Path, Arguments(session, ca, organization));

    private static async Task<int> TracedAsync(Session session, BackgroundCommand ca, string organization, params string[] tracing)
    {
        using Process process = Executable.StartUnder(["strace", "-f", "-qq", .. tracing], session.Folder.Path, Arguments(session, ca, organization));
        return (await Executable.ResultOfAsync(process)).ExitCode;
    }

    // Another organization makes another request, which is due at once.
    private static string[] Arguments(Session session, BackgroundCommand ca, string organization) =>
        ["agent", "--once", "--common-name", "a", "--organization", organization, "--out", session.Certs, "--ca", ca.Url];

    // strace counts calls by thread, so the thread with the most calls sets the number of places to kill at.
    private static IEnumerable<(string Call, int Count)> CallsOf(string[] lines) => lines
        .Select(line => Traced().Match(line)).Where(match => match.Success)
        .GroupBy(match => match.Groups["call"].Value)
        .Select(calls => (calls.Key, calls.GroupBy(call => call.Groups["thread"].Value).Max(thread => thread.Count())));

    private static async Task UntilProbeAsync(Session session, string address)
    {
        while ((await session.RunRawAsync("agent", "--probe", "readyz", "--listen", address)) is not { ExitCode: ExitCode.Done, Output: "ready\n" })
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    [GeneratedRegex(@"^(?<thread>\d+)\s+(?<call>[a-z]+)\(")]
    private static partial Regex Traced();
}
