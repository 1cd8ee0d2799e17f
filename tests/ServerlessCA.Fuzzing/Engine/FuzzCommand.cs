using ServerlessCA.Fuzzing.Targets;

namespace ServerlessCA.Fuzzing.Engine;

/// <summary>Carries out the commands that fuzz. Counts go to standard output, findings to standard error and files.</summary>
internal static class FuzzCommand
{
    /// <summary>Fuzzes one target for some time, from the given corpus and what earlier runs left in the output. Prints counts; 1
    /// if something was found.</summary>
    public static int Run(FuzzTarget target, string corpus, string output, TimeSpan time, int seed)
    {
        string findings = Path.Combine(output, "findings", target.Name);
        string left = Path.Combine(output, "corpus");
        var run = new FuzzRun(target, seed, AllTargets.Corpus(corpus, target).Concat(AllTargets.Corpus(left, target)));
        foreach (Finding known in run.Findings)
        {
            Report(known, findings);
        }

        run.Go(long.MaxValue, time, found => Report(found, findings));
        string kept = Directory.CreateDirectory(Path.Combine(left, target.Name)).FullName;
        foreach (byte[] input in run.Minimised())
        {
            File.WriteAllBytes(Path.Combine(kept, Finding.NameOf(input)), input);
        }

        Console.Out.WriteLine($"{target.Name}\t{run.Executions}\t{run.Edges}\t{run.Corpus.Count}\t{run.Findings.Count}\t{run.HighestCpu.TotalMilliseconds:F1}\t{run.MostBytes / 1024}\t{OpenSslSample.Asked}");
        return run.Findings.Count == 0 ? 0 : 1;
    }

    /// <summary>Fuzzes every target with a number of inputs, which the seed determines, and by no clock: CPU time does not count
    /// here. Prints counts; 1 if something was found.</summary>
    public static int Count(string corpus, int executions, int seed)
    {
        int found = 0;
        foreach (FuzzTarget target in AllTargets.Make())
        {
            var run = new FuzzRun(target, seed, AllTargets.Corpus(corpus, target), limitsCpu: false);
            int begin = run.Corpus.Count;
            run.Go(executions, time: null);
            found += run.Findings.Count;
            foreach (Finding finding in run.Findings)
            {
                Console.Error.WriteLine($"FINDING in {target.Name}: {finding.Kind}\n{finding.What}\nas base64: {Convert.ToBase64String(finding.Input.AsSpan(0, Math.Min(finding.Input.Length, 4096)))}");
            }

            Console.Out.WriteLine($"{target.Name}\t{run.Executions}\t{run.Edges}\t{begin}\t{run.Corpus.Count}");
        }

        return found == 0 ? 0 : 1;
    }

    /// <summary>Runs files again, and prints what they cost.</summary>
    public static int Replay(FuzzTarget target, IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            Print(target.Name, file, Cost.Of(target, File.ReadAllBytes(file), runs: 5));
        }

        return 0;
    }

    /// <summary>Prints what inputs of 1 MiB cost, of all targets or of some.</summary>
    public static int WriteCosts(IReadOnlyCollection<string> names)
    {
        foreach (FuzzTarget target in AllTargets.Make().Where(target => names.Count == 0 || names.Contains(target.Name)))
        {
            foreach (LargestInput largest in LargestInputs.Of(target.Name))
            {
                Print(target.Name, largest.What, Cost.Of(target, largest.Bytes, runs: 5));
            }
        }

        return 0;
    }

    private static void Print(string target, string what, Cost cost) =>
        Console.Out.WriteLine($"{target}\t{what}\t{cost.Cpu.TotalMilliseconds:F1} ms\t{cost.Bytes / 1024} KiB{(cost.IsTooHigh ? "\ttoo much" : "")}");

    private static void Report(Finding finding, string folder)
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, Finding.NameOf(finding.Input));
        File.WriteAllBytes(file, finding.Input);
        Console.Error.WriteLine($"FINDING {file} ({finding.Input.Length} bytes): {finding.Kind}\n{finding.What}");
    }
}

/// <summary>Makes a copy of this program whose assemblies of ours count the edges that they pass.</summary>
internal static class Instrumented
{
    private static readonly string[] Assemblies = ["Core", "Slack", "Local", "Aws", "Server"];

    /// <summary>Copies the program to a folder, and instruments the copy.</summary>
    public static void Prepare(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        foreach (string assembly in Assemblies)
        {
            SharpFuzz.Fuzzer.Instrument(Path.Combine(folder, $"ServerlessCA.{assembly}.dll"), _ => true, SharpFuzz.Options.Value);
        }
    }
}
