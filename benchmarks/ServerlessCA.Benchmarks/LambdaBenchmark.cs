using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using ServerlessCA.Emulators.Deployments;

namespace ServerlessCA.Benchmarks;

/// <summary>The functions' native binary beside the same code on the JIT: size, start, first answer, memory, calls.</summary>
internal static class LambdaBenchmark
{
    private const int Runs = 9; // medians of them

    public static async Task<int> RunAsync()
    {
        string root = Repository.Root;
        await RunAsync(Path.Combine(root, "eng", "lambda"));
        string native = Path.Combine(root, "artifacts", "lambda", "linux-x64", "bootstrap");
        string jit = Path.Combine(root, "artifacts", "lambda", "jit");
        await RunAsync(
            "dotnet", "publish", Path.Combine(root, "src", "ServerlessCA.Lambda"), "-c", "Release", "-r", "linux-x64", "--self-contained", "false",
            "-p:PublishAot=false", "-o", jit, "-v", "quiet");

        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        LambdaFigures ahead = await LambdaFigures.OfAsync(aws, native, Runs);
        LambdaFigures justInTime = await LambdaFigures.OfAsync(aws, Path.Combine(jit, "bootstrap"), Runs);
        Print(
            ("zip, MB", Megabytes(new FileInfo(Path.Combine(root, "artifacts", "lambda", "serverless-ca-linux-x64.zip")).Length), Megabytes(ZipSize(jit))),
            ("start to ready, ms", Milliseconds(ahead.Ready), Milliseconds(justInTime.Ready)),
            ("  processor time, ms", Milliseconds(ahead.ReadyWork), Milliseconds(justInTime.ReadyWork)),
            ("start to first answer, ms", Milliseconds(ahead.FirstAnswer), Milliseconds(justInTime.FirstAnswer)),
            ("  without waiting for AWS, ms", Milliseconds(ahead.FirstAnswerAlone), Milliseconds(justInTime.FirstAnswerAlone)),
            ("  processor time, ms", Milliseconds(ahead.FirstAnswerWork), Milliseconds(justInTime.FirstAnswerWork)),
            ("warm answer, ms", Milliseconds(ahead.WarmAnswer), Milliseconds(justInTime.WarmAnswer)),
            ("peak memory, first answer, MB", Megabytes(ahead.FirstPeak), Megabytes(justInTime.FirstPeak)),
            ("peak memory, 200 answers, MB", Megabytes(ahead.LatePeak), Megabytes(justInTime.LatePeak)),
            ("calls one after another, cold", ahead.ColdChain, justInTime.ColdChain),
            ("calls one after another, warm", ahead.WarmChain, justInTime.WarmChain));
        return 0;
    }

    private static void Print(params ReadOnlySpan<(string Name, object Native, object Jit)> rows)
    {
        Console.WriteLine($"{"",-32}{"native",10}{"JIT",10}");
        foreach ((string name, object native, object jit) in rows)
        {
            Console.WriteLine($"{name,-32}{native,10}{jit,10}");
        }
    }

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

    private static async Task RunAsync(string program, params IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed");
        }
    }
}
