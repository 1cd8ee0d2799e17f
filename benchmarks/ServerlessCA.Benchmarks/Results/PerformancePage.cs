using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace ServerlessCA.Benchmarks.Results;

/// <summary>The page of all benchmarks, <c>docs/performance.md</c>.</summary>
internal static class PerformancePage
{
    /// <summary>Writes the page from the results that there are.</summary>
    public static int Write(Effort effort, string file)
    {
        (Part Part, BenchmarkResult Result)[] all =
            [.. Part.All.Select(part => (part, BenchmarkResult.Read(part.File(effort)))).Where(one => one.Item2 is not null).Select(one => (one.part, one.Item2!))];
        if (all.Length == 0)
        {
            Console.Error.WriteLine("error: nothing was measured yet");
            return 1;
        }

        var page = new StringBuilder();
        page.Append(Head(effort, [.. all.Select(one => one.Result)])).Append("\n\n");
        page.Append(Targets(all.SelectMany(one => one.Result.Figures).ToDictionary())).Append("\n\n");
        page.AppendJoin("\n\n", all.Select(one => one.Result.Markdown())).Append("\n\n");
        string[] absent = [.. Part.All.Select(part => part.Name).Except(all.Select(one => one.Part.Name))];
        if (absent.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"Not measured: {string.Join(", ", absent)}.\n\n");
        }

        page.Append(Paper);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllText(file, page.ToString().ReplaceLineEndings("\n") + "\n");
        Console.Error.WriteLine($"written: {file}");
        return 0;
    }

    private const string Paper =
        """
        ## How cost grows

        | Work | grows with |
        | --- | --- |
        | an issue | rows of the same name; others are found by index |
        | `show SERIAL` | nothing: its row is found by index |
        | an issue whose request leaves open who is notified | entries of `tls.json` |
        | a run of the GitOps list | its entries |
        | a CRL | revoked certificates |
        | reminders of expiry | certificates that expire on the days in question |
        | `health` on SQLite | certificates to remind of within the days in question; reservations, where rows were deleted by hand |
        | `health` on DynamoDB | rows of the table: it reads all of them, for reservations without certificate and forbidden usages |

        ## Beyond one region

        On paper; nothing of it is built. The ledger's promises (one certificate a key, rising CRL numbers, one use of a token) rest on transactions, and
        DynamoDB's global tables merge concurrent writes of several regions by the last writer. So one region writes at a time. Others may read a replica
        of the table, and serve CRLs and certificates from a replicated bucket. To move the writing region, stop writing in the old one, wait until
        replication has caught up, and raise the CRL number beyond any that was published. The keys are then multi-region keys of KMS, which must be
        chosen when they are created.
        """;

    private static string Head(Effort effort, IReadOnlyList<BenchmarkResult> all)
    {
        string[] versions = [RuntimeInformation.FrameworkDescription, OpenSsl(), $"SQLite {Sqlite()}", .. all.SelectMany(one => one.Versions).Distinct()];
        string[] days = [.. all.Select(one => one.Measured.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal).Distinct()];
        return $"""
            # Performance

            Written by `dotnet run -c Release --project benchmarks/ServerlessCA.Benchmarks -- all{effort.Of("", " --short")}` ([benchmarks](../benchmarks/README.md)).
            Trust ratios and processor time: the machine may be busy with other work, but what is compared takes turns.

            | | |
            | --- | --- |
            | machine | {Processor()}, {Environment.ProcessorCount} processors, {Memory()} |
            | system | {RuntimeInformation.OSDescription} |
            | versions | {string.Join(", ", versions)} |
            | date | {string.Join(" to ", days.Length == 1 ? days : [days[0], days[^1]])} |
            | processes that wanted a processor before each part | {Text(all.Min(one => one.LoadBefore))} to {Text(all.Max(one => one.LoadBefore))} |
            """;
    }

    private static string Targets(Dictionary<string, double> figures)
    {
        double? floor = figures.TryGetValue("floor.P-256.milliseconds", out double milliseconds) ? milliseconds : null;
        ResultSection section = new(
            "Targets",
            $"""
            A time in parentheses is what it would be at the speed of the machine for which the limits were set, where the cryptography of an issue takes
            {Text(Target.FloorOfLimits)} ms{(floor is { } own ? $" and here, while it was measured, {Text(own)} ms" : "")}. What is reached is judged by what was measured.
            """,
            ["target", "limit", "measured", ""],
            [.. Target.All.Select(target => (IReadOnlyList<string>)
            [
                target.Text, $"{(target.AtLeast ? "≥" : "≤")} {Text(target.Limit)}", figures.TryGetValue(target.Figure, out double value) ? Measured(target, value, floor) : "",
                target.Verdict(figures.TryGetValue(target.Figure, out double measured) ? measured : null),
            ])]);
        string[] reasons =
        [
            .. Target.All.Where(target => target.Missed is not null && figures.TryGetValue(target.Figure, out double value) && target.Verdict(value) != "reached")
                .Select(target => $"- {target.Text}: {target.Missed}"),
        ];
        return reasons.Length == 0 ? section.Markdown() : $"{section.Markdown()}\n\nWhy those that are missed are missed, and what to try next:\n\n{string.Join('\n', reasons)}";
    }

    private static string Measured(Target target, double value, double? floor) =>
        target.AtSpeedOfLimits(value, floor) is { } there ? $"{Text(value)} ({Text(there)})" : Text(value);

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    // OpenSSL's number has major, minor and patch in its upper digits: 0xMNN00PP0.
    private static string OpenSsl()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "the cryptography of the system";
        }

        long version = SafeEvpPKeyHandle.OpenSslVersion;
        return string.Create(CultureInfo.InvariantCulture, $"OpenSSL {version >> 28}.{(version >> 20) & 0xff}.{(version >> 4) & 0xffff}");
    }

    private static string Sqlite()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection.ServerVersion;
    }

    private static string Processor() => Line("/proc/cpuinfo", "model name") ?? "an unknown processor";

    private static string Memory() => Line("/proc/meminfo", "MemTotal") is { } total
        ? $"{Figure.Text(long.Parse(total.Split(' ')[0], CultureInfo.InvariantCulture) / 1048576.0, 0)} GiB"
        : "unknown memory";

    private static string? Line(string file, string name) => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':')[1].Trim()
        : null;
}
