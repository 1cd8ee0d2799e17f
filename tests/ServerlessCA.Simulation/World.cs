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
    private readonly IRequestedLedger? requested;
    private readonly Queue<IReadOnlyList<CertificateRecord>> states = new();
    private readonly SequentialSerials serials = new(1000);
    private readonly StringBuilder trace = new();
    private readonly int faults;
    private ulong hash = 14695981039346656037; // FNV-1a, 64 bits

    /// <param name="seed">Decides everything.</param>
    /// <param name="keepsTrace">Whether every call is written down.</param>
    /// <param name="requested">A ledger whose requests meet faults one by one, empty; null: one in memory, whose calls do.</param>
    public World(int seed, bool keepsTrace, IRequestedLedger? requested = null)
    {
        Random = new Random(seed);
        KeepsTrace = keepsTrace;
        this.requested = requested;
        memory = requested is null ? new MemoryLedger() : null;
        Ledger = requested?.Open(chaos: null, Clock) ?? memory!;
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
            Ledger = LedgerOf(chaos),
            Keys = new SimulatedKeys(SharedKeys, chaos),
            InternalFiles = new SimulatedInternalFiles(Internal, chaos),
            PublishedFiles = new SimulatedFiles(this, Files, chaos),
            CrlCopies = new SimulatedFiles(this, Copies, chaos),
            Notifier = new SimulatedNotifier(this, chaos),
        };
    }

    private Deployment Deployment => new(
        new CaSettings { Names = new CaNames("serverless", "dev", ["prd", "prod"]) }, SharedKeys, Ledger, Internal, Files, Copies, Notifier, serials, Clock);

    private SimulatedLedger LedgerOf(Chaos chaos) => requested is null
        ? new SimulatedLedger(this, chaos, Ledger, ofCalls: true)
        : new SimulatedLedger(this, chaos, requested.Open(chaos, Clock), ofCalls: false);

    /// <summary>Lists all rows.</summary>
    public IReadOnlyList<CertificateRecord> Rows => memory?.Records ?? states.LastOrDefault() ?? [];

    /// <summary>Gets or sets whether everything works.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Counts the calls of all ports.</summary>
    public int Calls { get; private set; }

    /// <summary>Counts the calls that met a fault.</summary>
    public int Faults { get; private set; }

    /// <summary>Returns what the stores have now, and what the clients got.</summary>
    public Stores Look(Clients clients) => new(Ledger, Rows)
    {
        Published = Contents(Files),
        Copies = Contents(Copies),
        HandedOut = clients.HandedOut,
        Promised = Watch.Promised,
        Received = Watch.Received,
        EntryNames = [.. clients.EntryNames],
    };

    /// <summary>Carries a call out, and looks at the rows: before it at those in memory, after it at those that have to be
    /// read.</summary>
    public T Do<T>(Func<Task<T>> call, bool writes)
    {
        if (memory is not null)
        {
            See(memory.Records);
        }

        try
        {
            return Scheduler.Atomic(call);
        }
        finally
        {
            if (memory is null && writes)
            {
                See(Scheduler.Atomic(async () => await Ledger.ListAsync(CancellationToken.None).ToListAsync()));
            }
        }
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

    private void See(IReadOnlyList<CertificateRecord> rows)
    {
        Watch.Saw(rows);
        states.Enqueue(rows);
        if (states.Count > Remembered)
        {
            states.Dequeue();
        }
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> Contents(MemoryPublishedFiles files) =>
        files.Files.ToDictionary(file => file.Key, file => file.Value.Content, StringComparer.Ordinal);

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

/// <summary>Is a store of a ledger that is called by requests, each of which may meet a fault.</summary>
internal interface IRequestedLedger
{
    /// <summary>Opens the ledger for a client.</summary>
    /// <param name="chaos">Decides what happens to its requests; null: they all pass.</param>
    /// <param name="clock">Its clock.</param>
    ICertificateLedger Open(Chaos? chaos, TimeProvider clock);
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
