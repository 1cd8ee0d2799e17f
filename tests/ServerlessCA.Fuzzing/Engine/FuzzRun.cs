using System.Diagnostics;
using System.Security.Cryptography;

namespace ServerlessCA.Fuzzing.Engine;

/// <summary>Runs a target with mutated inputs. An input that passes a new edge joins the corpus; one that throws, or costs too
/// much, is a finding. The same seed and corpus give the same inputs.</summary>
internal sealed class FuzzRun
{
    private readonly FuzzTarget target;
    private readonly Random random;
    private readonly Mutator mutator;
    private readonly EdgeMap map = new();
    private readonly List<byte[]> corpus = [];
    private readonly Dictionary<string, Finding> findings = [];
    private readonly bool limitsCpu;

    /// <summary>Prepares a run.</summary>
    /// <param name="target">The target.</param>
    /// <param name="seed">Determines the inputs.</param>
    /// <param name="inputs">The corpus to begin with.</param>
    /// <param name="limitsCpu">Whether an input that costs too much CPU time is a finding; a busy machine has more of them.</param>
    public FuzzRun(FuzzTarget target, int seed, IEnumerable<byte[]> inputs, bool limitsCpu = true)
    {
        this.target = target;
        this.limitsCpu = limitsCpu;
        random = new Random(seed);
        mutator = new Mutator(random, target.Words);
        foreach (byte[] input in target.Seeds.Concat(inputs))
        {
            Try(input);
            corpus.Add(input);
        }
    }

    /// <summary>Gets how many inputs were run.</summary>
    public long Executions { get; private set; }

    /// <summary>Gets how many edges were passed; 0 where nothing is instrumented.</summary>
    public int Edges => map.Count;

    /// <summary>Gets the inputs that are kept.</summary>
    public IReadOnlyList<byte[]> Corpus => corpus;

    /// <summary>Gets the findings, one for each place and kind.</summary>
    public IReadOnlyCollection<Finding> Findings => findings.Values;

    /// <summary>Gets the highest CPU time of an input, as it was measured once.</summary>
    public TimeSpan HighestCpu { get; private set; }

    /// <summary>Gets the most bytes that an input allocated.</summary>
    public long MostBytes { get; private set; }

    /// <summary>Runs inputs until their number or the time is reached.</summary>
    /// <param name="executions">The number of inputs.</param>
    /// <param name="time">The time by the clock; null: any.</param>
    /// <param name="found">Is called at each new finding.</param>
    public void Go(long executions, TimeSpan? time, Action<Finding>? found = null)
    {
        var watch = Stopwatch.StartNew();
        for (long i = 0; i < executions && (time is null || watch.Elapsed < time); i++)
        {
            // Half of the inputs are made of the newest ones, which have just shown something.
            int newest = Math.Max(0, corpus.Count - 32);
            byte[] origin = corpus[random.Next(2) == 0 ? random.Next(newest, corpus.Count) : random.Next(corpus.Count)];
            byte[] input = mutator.Mutate(origin, corpus);
            (bool hasNews, Finding? finding) = Try(input);
            if (finding is not null)
            {
                found?.Invoke(finding);
            }
            else if (hasNews && input.Length <= Mutator.UsualLength)
            {
                corpus.Add(input);
            }
        }
    }

    /// <summary>Returns the inputs that pass all edges of the corpus, the shortest first.</summary>
    public IReadOnlyList<byte[]> Minimised()
    {
        var fresh = new EdgeMap();
        return [.. corpus.OrderBy(input => input.Length).Where(input =>
        {
            fresh.Clear();
            target.Run(input);
            return fresh.HasNewEdges();
        })];
    }

    private (bool HasNews, Finding? Finding) Try(byte[] input)
    {
        map.Clear();
        Executions++;
        Cost before = Cost.Now();
        Finding? finding = null;
        try
        {
            target.Run(input);
        }
        catch (Exception fault)
        {
            finding = Finding.Of(input, fault);
        }

        Cost cost = Cost.Now() - before;
        bool news = map.HasNews();
        HighestCpu = cost.Cpu > HighestCpu && Executions > 1000 ? cost.Cpu : HighestCpu;
        MostBytes = Math.Max(MostBytes, cost.Bytes);
        if (finding is null && IsTooHigh(cost) && IsTooHigh(cost = Cost.Of(target, input, runs: 5)))
        {
            finding = new Finding(input, $"costs {cost.Cpu.TotalMilliseconds:F0} ms and {cost.Bytes / 1024} KiB", cost.Bytes > Cost.MaxBytes ? "memory" : "CPU");
        }

        return (news, finding is not null && findings.TryAdd(finding.Kind, finding) ? finding : null);
    }

    private bool IsTooHigh(Cost cost) => limitsCpu ? cost.IsTooHigh : cost.Bytes > Cost.MaxBytes;
}

/// <summary>Is an input with which a target did not do what it must. Immutable.</summary>
/// <param name="Input">The input.</param>
/// <param name="What">What happened.</param>
/// <param name="Kind">Is the same for findings that are likely one mistake.</param>
internal sealed record Finding(byte[] Input, string What, string Kind)
{
    /// <summary>Returns the name of the file that holds an input.</summary>
    public static string NameOf(byte[] input) => Convert.ToHexStringLower(SHA256.HashData(input))[..16];

    /// <summary>Describes an exception: those of one type from one line of ours are of one kind.</summary>
    public static Finding Of(byte[] input, Exception fault)
    {
        string place = (fault.StackTrace ?? "").Split('\n').FirstOrDefault(line => line.Contains("ServerlessCA.", StringComparison.Ordinal)
            && !line.Contains("Fuzzing.Engine", StringComparison.Ordinal))?.Trim() ?? "";
        return new Finding(input, fault.ToString(), $"{fault.GetType().Name} {place} {(fault is PropertyFailedException ? fault.Message : "")}");
    }
}
