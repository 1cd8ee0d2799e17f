using System.Globalization;
using System.Security.Cryptography;
using ServerlessCA.Fuzzing.Engine;
using ServerlessCA.Fuzzing.Targets;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Without a command of ours this is a test project like any other.
switch (args)
{
    case ["list"]:
        Console.Out.WriteLine(string.Join('\n', AllTargets.Make().Select(target => target.Name)));
        return 0;
    case ["instrument", .. string[] assemblies]:
        foreach (string assembly in assemblies)
        {
            SharpFuzz.Fuzzer.Instrument(assembly, _ => true, SharpFuzz.Options.Value);
        }

        return 0;
    case ["run", string name, string corpus, string output, string seconds, string seed]:
        return FuzzCommand.Run(AllTargets.Make(name), corpus, output, TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), int.Parse(seed, CultureInfo.InvariantCulture));
    case ["replay", string name, .. string[] files]:
        foreach (string file in files)
        {
            Cost cost = Cost.Of(AllTargets.Make(name), File.ReadAllBytes(file), runs: 5);
            Console.Out.WriteLine($"{file}: {cost.Cpu.TotalMilliseconds:F2} ms of CPU, {cost.Bytes / 1024} KiB allocated{(cost.IsTooHigh ? ": too much" : "")}");
        }

        return 0;
    case ["afl", string name]:
        FuzzTarget afl = AllTargets.Make(name);
        SharpFuzz.Fuzzer.OutOfProcess.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            afl.Run(input.ToArray());
        });
        return 0;
    case [..] when args.Contains("--server") || args.Contains("--internal-msbuild-node"):
        return await TestPlatformTestFramework.RunAsync(args, ServerlessCA.Fuzzing.SelfRegisteredExtensions.AddSelfRegisteredExtensions);
    default:
        return await ConsoleRunner.Run(args);
}

/// <summary>Fuzzes one target for some time: prints counts, and writes findings and the corpus.</summary>
internal static class FuzzCommand
{
    /// <summary>Runs it; 1 if it has found something.</summary>
    public static int Run(FuzzTarget target, string corpus, string output, TimeSpan time, int seed)
    {
        string findings = Path.Combine(output, "findings", target.Name);
        var run = new FuzzRun(target, seed, AllTargets.Corpus(corpus, target));
        foreach (Finding known in run.Findings)
        {
            Report(known, findings);
        }

        run.Go(long.MaxValue, time, found => Report(found, findings));
        string kept = Path.Combine(output, "corpus", target.Name);
        Directory.CreateDirectory(kept);
        foreach (byte[] input in run.Minimised())
        {
            File.WriteAllBytes(Path.Combine(kept, Convert.ToHexStringLower(SHA256.HashData(input))[..16]), input);
        }

        Console.Out.WriteLine($"{target.Name}\t{run.Executions}\t{run.Edges}\t{run.Corpus.Count}\t{run.Findings.Count}\t{run.HighestCpu.TotalMilliseconds:F1}\t{run.MostBytes / 1024}\t{OpenSslSample.Asked}");
        return run.Findings.Count == 0 ? 0 : 1;
    }

    private static void Report(Finding finding, string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, finding.FileName), finding.Input);
        Console.Error.WriteLine($"FINDING {Path.Combine(folder, finding.FileName)} ({finding.Input.Length} bytes): {finding.Kind}\n{finding.What}");
    }
}
