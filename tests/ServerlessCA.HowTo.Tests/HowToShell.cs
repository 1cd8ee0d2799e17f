using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ServerlessCA.HowTo.Tests;

/// <summary>Follows a page as its reader does: in one shell, in an empty folder. What differs is said in docs/how-to/README.md.</summary>
internal sealed partial class HowToShell : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10); // for one command; the slowest builds a program, in seconds unless the cores are busy
    private static readonly TimeSpan LongestUntilTrue = TimeSpan.FromMinutes(3); // a start or a reload takes under one second unless the cores are busy
    private static readonly string[] Programs = [AppContext.BaseDirectory.TrimEnd('/'), .. PostgreSql(), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

    private static readonly (string Name, string Value)[] Variables =
    [
        ("LC_ALL", "C.UTF-8"),
        ("DOTNET_ROOT", Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."))),
        ("DOTNET_NOLOGO", "1"),
        ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
        ("MSBUILDDISABLENODEREUSE", "1"), // what a page starts ends with it, and nobody else uses it
        ("UseSharedCompilation", "false"),
    ];

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> ports = [];
    private readonly Process bash;
    private int count;

    private HowToShell(IReadOnlyList<string> before, IReadOnlyDictionary<string, string> standIns)
    {
        foreach ((string name, string script) in standIns)
        {
            Modes.Set(folder.Write($".bin/{name}", script), "755");
        }

        string[] command = [.. before, "bash", "--noprofile", "--norc"];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string path = string.Join(':', [folder.At(".bin"), .. Programs, .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')]);
        foreach ((string name, string value) in Variables.Append(("PATH", path)).Append(("HOME", folder.Path)))
        {
            start.Environment[name] = value;
        }

        start.Environment.Remove("SERVERLESS_CA");
        bash = Process.Start(start)!;
        bash.ErrorDataReceived += (_, _) => { };
        bash.BeginErrorReadLine();
    }

    /// <summary>Follows all blocks of a page, and fails where a command does not do what the page shows.</summary>
    /// <param name="page">The page.</param>
    /// <param name="notAsRoot">Whether a program of the page refuses to run as root.</param>
    /// <param name="standIns">Scripts that stand in for programs, by name.</param>
    public static async Task FollowAsync(HowToPage page, bool notAsRoot = false, IReadOnlyDictionary<string, string>? standIns = null)
    {
        string[] before = notAsRoot && Environment.UserName == "root" ? ["unshare", "--user", "--map-user=1000", "--map-group=1000"] : [];
        Assert.SkipUnless(before.Length == 0 || ForeignProgram.Run("unshare", [.. before[1..], "true"]).ExitCode == 0, "this must not run as root, and there are no user namespaces");
        await using var shell = new HowToShell(before, standIns ?? new Dictionary<string, string>());
        bool greets = page.Blocks.Any(block => block.Language == "console" && block.Text.Contains("\nHello ", StringComparison.Ordinal));
        foreach (HowToBlock block in page.Blocks)
        {
            if (greets)
            {
                await shell.ResumeAsync(block);
            }

            await shell.FollowAsync($"{page.Name}.md, {block.Heading}", block);
        }

        if (greets)
        {
            Assert.True(File.Exists(shell.folder.At("former.answer")), $"{page.Name}.md: the client 'former' did not connect again after it was revoked");
        }

        // What the page started and did not stop still runs: a program that fell over at a reload would be found here.
        Answer jobs = await shell.RunAsync("jobs -p | wc -l; jobs -r | wc -l");
        string[] counts = jobs.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(counts[0] == counts[1], $"{page.Name}.md: a program has ended\n{shell.Logs()}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in Started())
        {
            using (process)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }

        bash.Dispose();
        folder.Dispose();
    }

    private async Task FollowAsync(string where, HowToBlock block)
    {
        if (block.IsRun && block.Language == "console")
        {
            foreach ((string command, string[] output) in block.Commands())
            {
                await ExpectAsync(where, command, output);
            }
        }
        else if (block.IsRun)
        {
            Answer answer = await RunAsync(block.Text);
            Assert.True(answer.ExitCode == 0 && answer.Failed.Length == 0, $"{where}: '{answer.Failed}' failed: {answer.Output}\n{Logs()}");
        }
        else if (block.File is { } file)
        {
            folder.Write(file.TrimStart('/'), WithPorts(block.Text));
        }
        else
        {
            Assert.True(block.Language == "text", $"{where}: the sentence before this block names no file (This is `FILE`:): {block.Text}");
        }
    }

    /// <summary>Connects as the client who will be revoked, and after that once more, with the session of the first time: a program that lets it
    /// in by a ticket would not have noticed. (PostgreSQL gives no tickets, and AWS is not here.)</summary>
    private async Task ResumeAsync(HowToBlock block)
    {
        bool before = block.Heading == "Revoke a client";
        if (!File.Exists(folder.At("certs", "former-combined.pem")) || File.Exists(folder.At(before ? "former.session" : "former.answer"))
            || (!before && !File.Exists(folder.At("former.session"))) || !ports.ContainsKey("8443"))
        {
            return;
        }

        string session = before ? "-sess_out former.session" : "-sess_in former.session";
        string connect = $"printf 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' | timeout 120 openssl s_client -quiet {session} "
            + "-connect localhost:8443 -CAfile certs/ca-bundle.pem -cert certs/former-combined.pem -key certs/former-combined.pem | tee former.answer";
        var clock = Stopwatch.StartNew();
        while ((await RunAsync(connect)).Output.Contains("Hello ", StringComparison.Ordinal) != before)
        {
            Assert.True(clock.Elapsed < LongestUntilTrue, $"{block.Heading}: the former client was {(before ? "not admitted" : "admitted with its old session")}\n{Logs()}");
            await Task.Delay(100, TestContext.Current.CancellationToken); // a reload takes a moment
        }

        if (before)
        {
            Assert.True(File.Exists(folder.At("former.session")), "the program gave no session");
            File.Delete(folder.At("former.answer"));
        }
    }

    /// <summary>Runs a command until it writes what the page shows; a command of this project is run once.</summary>
    private async Task ExpectAsync(string where, string command, string[] expected)
    {
        var wanted = new Regex(Pattern([.. expected.Select(WithPorts)]), RegexOptions.CultureInvariant);
        var clock = Stopwatch.StartNew();
        while (true)
        {
            Answer answer = await RunAsync(command);
            string written = string.Join('\n', answer.Output.Split('\n').Select(line => line.TrimEnd())).Trim('\n') + (expected is [.., var last] && ExitCode().IsMatch(last) ? $"\nexit code {answer.ExitCode}" : "");
            if (wanted.IsMatch(written) && (expected.Length > 0 || answer.ExitCode == 0))
            {
                return;
            }

            Assert.False(
                command.StartsWith("serverless-ca ", StringComparison.Ordinal) || clock.Elapsed > LongestUntilTrue,
                $"{where}: {command}\nexpected: {string.Join('\n', expected)}\nwritten: {written}\nexit code: {answer.ExitCode}\n{Logs()}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private async Task<Answer> RunAsync(string commands)
    {
        string output = folder.At($".output-{count++}");
        await bash.StandardInput.WriteAsync($$"""
            set -o pipefail; failed=; trap 'failed=$BASH_COMMAND' ERR
            {
            {{WithPorts(commands)}}
            } > {{output}} 2>&1 < /dev/null
            code=$?; trap - ERR; printf '%s %s\n' "$code" "${failed//$'\n'/ }"

            """);
        await bash.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        string ended = await bash.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"the shell ended at: {commands}");
        string[] words = ended.Split(' ', 2);
        return new Answer(int.Parse(words[0], CultureInfo.InvariantCulture), words[1], await File.ReadAllTextAsync(output, limit.Token));
    }

    private string WithPorts(string text) => Port().Replace(text, port =>
    {
        if (!ports.TryGetValue(port.Value, out string? free))
        {
            ports[port.Value] = free = FreePorts.Next().ToString(CultureInfo.InvariantCulture);
        }

        return free;
    });

    private string Logs() => string.Join('\n', Directory.EnumerateFiles(folder.Path, "*.log").Select(log => $"{Path.GetFileName(log)}: {string.Join('\n', File.ReadLines(log).TakeLast(15))}"));

    /// <summary>Returns the processes of the page: those that work in its folder. Servers may have left the shell's group.</summary>
    private IEnumerable<Process> Started() => Directory.EnumerateDirectories("/proc")
        .Where(process => int.TryParse(Path.GetFileName(process), out _) && Works(process))
        .Select(process => int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture))
        .SelectMany(Existing);

    private bool Works(string process)
    {
        try
        {
            return $"{File.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false)?.FullName}/".StartsWith($"{folder.Path}/", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended, or is not ours
        }
    }

    private static IEnumerable<Process> Existing(int id)
    {
        try
        {
            return [Process.GetProcessById(id)];
        }
        catch (ArgumentException)
        {
            return [];
        }
    }

    private static string Pattern(string[] lines) =>
        $"^{string.Join('\n', lines.Select(line => Regex.Escape(line).Replace("…", "[^\n]*", StringComparison.Ordinal)))}$";

    /// <summary>Skips the running test where PostgreSQL's server is missing: its client alone is a package of its own.</summary>
    public static void SkipUnlessPostgreSql() => Assert.SkipUnless(PostgreSql().Length > 0 || ForeignProgram.IsInstalled("initdb"), "initdb is not installed: apt-get install postgresql");

    private static string[] PostgreSql() =>
        Directory.Exists("/usr/lib/postgresql") ? [.. Directory.EnumerateDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))] : [];

    // The ports that the pages use; none of these numbers has another meaning there.
    [GeneratedRegex(@"\b(8443|8080|5432|9093)\b")]
    private static partial Regex Port();

    [GeneratedRegex("^exit code [0-9]+$")]
    private static partial Regex ExitCode();

    private sealed record Answer(int ExitCode, string Failed, string Output);
}
