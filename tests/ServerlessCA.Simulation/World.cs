using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Simulation;

/// <summary>Holds the stores, the clock and the faults of one schedule.</summary>
internal sealed class World
{
    public const string RootName = "serverless-root-ca-dev";
    public const string IssuingName = "serverless-issuing-ca-dev";

    private const int Remembered = 4; // states that an index may still show; our decision

    // Keys cost as much as whole schedules: all share them. What they are decides nothing.
    private static readonly MemoryKeys SharedKeys = new MemoryKeys().With(RootName, KeySpec.EccNistP256).With(IssuingName, KeySpec.EccNistP256);

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryLedger? memory;
    private readonly Queue<IReadOnlyList<CertificateRecord>> states = new();
    private readonly SequentialSerials serials = new(1000);
    private readonly StringBuilder trace = new();
    private readonly int faults;
    private ulong hash = 14695981039346656037; // FNV-1a, 64 bits

    public World(int seed, bool keepsTrace, ICertificateLedger? ledger = null)
    {
        Random = new Random(seed);
        KeepsTrace = keepsTrace;
        memory = ledger is null ? new MemoryLedger() : null;
        Ledger = ledger ?? memory!;
        faults = Random.Next(4) switch { 0 => 0, 1 => 10, 2 => 30, _ => 80 };
        Watch = new Watch(this);
    }

    public Random Random { get; }

    public bool KeepsTrace { get; }

    public Watch Watch { get; }

    public ICertificateLedger Ledger { get; }

    public MemoryInternalFiles Internal { get; } = new();

    public MemoryPublishedFiles Files { get; } = new();

    public MemoryPublishedFiles Copies { get; } = new();

    public MemoryNotifier Notifier { get; } = new();

    public JumpingClock Clock { get; } = new(Start);

    /// <summary>Gets every call of the schedule in its order, for people; empty unless it is kept.</summary>
    public string Trace => trace.ToString();

    /// <summary>Gets a digest of all calls and their fates: the same for the same schedule.</summary>
    public ulong Digest => hash;

    /// <summary>Makes the deployment of a client, whose calls meet faults.</summary>
    public Deployment DeploymentOf(string client)
    {
        var chaos = new Chaos(this, client);
        return Deployment with
        {
            Ledger = new SimulatedLedger(this, chaos),
            Keys = new SimulatedKeys(SharedKeys, chaos),
            InternalFiles = new SimulatedInternalFiles(Internal, chaos),
            PublishedFiles = new SimulatedFiles(this, Files, chaos),
            CrlCopies = new SimulatedFiles(this, Copies, chaos),
            Notifier = new SimulatedNotifier(this, chaos),
        };
    }

    private Deployment Deployment => new(
        new CaSettings { Names = new CaNames("serverless", "dev", ["prd", "prod"]) }, SharedKeys, Ledger, Internal, Files, Copies, Notifier, serials, Clock);

    /// <summary>Lists all rows.</summary>
    public IReadOnlyList<CertificateRecord> Rows => memory?.Records
        ?? Scheduler.Atomic(async () => (IReadOnlyList<CertificateRecord>)await Ledger.ListAsync(CancellationToken.None).ToListAsync());

    /// <summary>Gets or sets whether everything works.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Counts the calls of all ports.</summary>
    public int Calls { get; private set; }

    /// <summary>Counts the calls that met a fault.</summary>
    public int Faults { get; private set; }

    /// <summary>Carries a call out, and remembers the state after it.</summary>
    public T Do<T>(Func<Task<T>> call)
    {
        if (memory is not null)
        {
            states.Enqueue(memory.Records);
            if (states.Count > Remembered)
            {
                states.Dequeue();
            }
        }

        return Scheduler.Atomic(call);
    }

    public Fate Draw(bool writes) => IsQuiet || Random.Next(1000) >= faults ? Fate.Pass
        : Random.Next(writes ? 12 : 4) switch
        {
            0 => Fate.DieBefore,
            1 => Fate.DieAfter,
            2 => Fate.Lost,
            3 => Fate.Throttled,
            4 or 5 or 6 => Fate.AnswerLost,
            7 or 8 => Fate.Twice,
            9 or 10 => Fate.AgainLater,
            _ => Fate.DieAfter,
        };

    /// <summary>Returns an earlier state of all rows, which an index may still show; null: it is up to date.</summary>
    public IReadOnlyList<CertificateRecord>? Earlier() =>
        IsQuiet || states.Count == 0 || Random.Next(4) > 0 ? null : states.ElementAt(Random.Next(states.Count));

    public IReadOnlyList<T> Shuffled<T>(IReadOnlyList<T> items)
    {
        T[] copy = [.. items];
        Random.Shuffle(copy);
        return copy;
    }

    /// <summary>Leaves the newest out, sometimes, as an index does that is late.</summary>
    public IReadOnlyList<T> SomeMissing<T>(IReadOnlyList<T> items) =>
        IsQuiet || Random.Next(4) > 0 ? items : [.. items.Take(items.Count - 1)];

    public void Note(string client, string what, Fate fate)
    {
        Calls++;
        Faults += fate == Fate.Pass ? 0 : 1;
        foreach (char letter in client.Concat(what).Append((char)fate))
        {
            hash = (hash ^ letter) * 1099511628211;
        }

        if (KeepsTrace)
        {
            trace.Append(client).Append(": ").Append(what).AppendLine(fate == Fate.Pass ? "" : $"  << {fate}");
        }
    }
}

/// <summary>Is a clock that is set, also back.</summary>
/// <param name="now">The time at first.</param>
internal sealed class JumpingClock(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset now = now;
    private DateTimeOffset latest = now;

    public override DateTimeOffset GetUtcNow() => now;

    public void Jump(TimeSpan by)
    {
        now += by;
        latest = now > latest ? now : latest;
    }

    /// <summary>Sets it after everything that was ever dated.</summary>
    public void Heal() => now = latest.AddHours(1);
}

/// <summary>Makes CSRs of a few keys that all schedules share.</summary>
internal static class SharedCsrs
{
    public const int Count = 8;

    private static readonly string[] Csrs = [.. Enumerable.Range(0, Count).Select(_ => Make())];

    public static string Of(int number) => Csrs[number];

    private static string Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=any", key, HashAlgorithmName.SHA256).CreateSigningRequestPem() + "\n";
    }
}
