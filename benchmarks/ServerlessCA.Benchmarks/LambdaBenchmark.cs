using System.Globalization;
using System.IO.Compression;
using ServerlessCA.Benchmarks.Results;
using ServerlessCA.Emulators.Deployments;

namespace ServerlessCA.Benchmarks;

/// <summary>The functions' native binary beside the same code on the JIT: size, start, first answer, memory, calls.</summary>
internal static class LambdaBenchmark
{
    private const int Runs = 9; // medians of them

    public static async Task<BenchmarkResult> RunAsync(Effort effort)
    {
        string root = Repository.Root;
        string archive = Path.Combine(root, "artifacts", "lambda", "serverless-ca-linux-x64.zip");
        if (!effort.IsShort || !File.Exists(archive))
        {
            await Programs.RunAsync(Path.Combine(root, "eng", "lambda"));
        }

        string jit = Path.Combine(root, "artifacts", "lambda", "jit");
        if (!effort.IsShort || !Directory.Exists(jit))
        {
            await Programs.RunAsync(
                "dotnet", "publish", Path.Combine(root, "src", "ServerlessCA.Lambda"), "-c", "Release", "-r", "linux-x64", "--self-contained", "false",
                "-p:PublishAot=false", "-o", jit, "-v", "quiet");
        }

        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        LambdaFigures ahead = await LambdaFigures.OfAsync(aws, Programs.Functions, effort.Of(Runs, 2));
        LambdaFigures justInTime = await LambdaFigures.OfAsync(aws, Path.Combine(jit, "bootstrap"), effort.Of(Runs, 2));
        long zip = new FileInfo(archive).Length;
        IReadOnlyList<IReadOnlyList<string>> rows = Rows(
            ("zip, MB", Megabytes(zip), Megabytes(ZipSize(jit))),
            ("start to ready, ms", Milliseconds(ahead.Ready), Milliseconds(justInTime.Ready)),
            ("its processor time, ms", Milliseconds(ahead.ReadyWork), Milliseconds(justInTime.ReadyWork)),
            ("start to first answer, ms", Milliseconds(ahead.FirstAnswer), Milliseconds(justInTime.FirstAnswer)),
            ("without waiting for AWS, ms", Milliseconds(ahead.FirstAnswerAlone), Milliseconds(justInTime.FirstAnswerAlone)),
            ("its processor time, ms", Milliseconds(ahead.FirstAnswerWork), Milliseconds(justInTime.FirstAnswerWork)),
            ("warm answer, ms", Milliseconds(ahead.WarmAnswer), Milliseconds(justInTime.WarmAnswer)),
            ("its processor time, ms", Figure.Text(ahead.WarmWork.TotalMilliseconds, 2), Figure.Text(justInTime.WarmWork.TotalMilliseconds, 2)),
            ("peak memory, first answer, MB", Megabytes(ahead.FirstPeak), Megabytes(justInTime.FirstPeak)),
            ("peak memory, 200 answers, MB", Megabytes(ahead.LatePeak), Megabytes(justInTime.LatePeak)),
            ("calls one after another, cold", ahead.ColdChain, justInTime.ColdChain),
            ("calls one after another, warm", ahead.WarmChain, justInTime.WarmChain));
        return new BenchmarkResult
        {
            Figures = new Dictionary<string, double>
            {
                ["lambda.ready"] = ahead.Ready.TotalMilliseconds,
                ["lambda.first"] = ahead.FirstAnswerAlone.TotalMilliseconds,
                ["lambda.warm"] = ahead.WarmWork.TotalMilliseconds,
                ["lambda.memory"] = ahead.FirstPeak / 1e6,
                ["lambda.zip"] = zip / 1e6,
                ["lambda.cold"] = ahead.ColdChain,
                ["lambda.chain"] = ahead.WarmChain,
            },
            Sections =
            [
                new(
                    "Functions on AWS",
                    """
                    The function that issues, native and for the JIT, driven through a Lambda runtime API on emulated services: medians of several starts, and
                    200 answers one after another in one process.
                    """,
                    ["", "native", "JIT"],
                    rows),
            ],
        };
    }

    private static IReadOnlyList<IReadOnlyList<string>> Rows(params ReadOnlySpan<(string Name, object Native, object Jit)> rows) =>
        [.. rows.ToArray().Select(row => (IReadOnlyList<string>)[row.Name, $"{row.Native}", $"{row.Jit}"])];

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("F1", CultureInfo.InvariantCulture);

    private static long ZipSize(string folder)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string file in Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is not (".pdb" or ".xml")))
            {
                archive.CreateEntryFromFile(file, Path.GetFileName(file), CompressionLevel.SmallestSize);
            }
        }

        return zip.Length;
    }
}
