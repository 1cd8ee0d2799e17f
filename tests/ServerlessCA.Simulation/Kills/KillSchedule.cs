using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Local;

namespace ServerlessCA.Simulation.Kills;

/// <summary>Runs one schedule of real processes on one data folder: workers start, are killed in the middle of whatever they do,
/// others start; then the folder is opened, and everything that must hold is checked. The seed decides what each worker tries and
/// after which of its lines it is killed; which of two processes is faster, the system decides.</summary>
internal sealed class KillSchedule : IDisposable
{
    private const string Settings = """{"root_ca_key_spec": "ECC_NIST_P256"}""";
    private const int MostLines = 24; // of a worker before it is killed; our decision
    private const int MostMilliseconds = 30; // an issue takes some, with its writes to the disk

    private readonly TemporaryFolder folder = new();
    private readonly Random random;
    private readonly List<KilledWorker> workers = [];
    private readonly List<string> entries = [];
    private readonly JsonArray revoked = [];
    private bool stays;

    private KillSchedule(int seed) => random = new Random(seed);

    private string Data => folder.At("ca");

    /// <summary>Runs the schedule of a seed.</summary>
    public static async Task<KillResult> RunAsync(int seed)
    {
        using var schedule = new KillSchedule(seed);
        string? failure = null;
        try
        {
            await schedule.RunAsync();
        }
        catch (Exception violation) when (violation is not OutOfMemoryException)
        {
            schedule.stays = true;
            failure = string.Create(CultureInfo.InvariantCulture,
                $"seed {seed}: {(violation is ViolationException ? "" : violation.GetType().Name + ": ")}{violation.Message}\nreplay: eng/simulate sqlite --replay {seed}; the folder stays: {schedule.folder.Path}");
        }

        return new KillResult(seed, failure, schedule.workers);
    }

    public void Dispose()
    {
        if (!stays)
        {
            folder.Dispose();
        }
    }

    private async Task RunAsync()
    {
        await PrepareAsync();
        for (int round = random.Next(1, 3); round > 0; round--)
        {
            await RoundAsync(round);
            Operate();
        }

        foreach (KilledWorker worker in workers)
        {
            Watch.Expect(worker.WasKilled && worker.Errors.Length == 0, $"a worker ended by itself: {worker.Errors}");
        }

        using LocalCa local = await Worker.OpenAsync(Data);
        await local.CheckLedgerAsync(CancellationToken.None);
        Deployment ca = Worker.DeploymentOf(local);
        await RepeatAsync(ca);
        await RecoverAsync(ca, local.Folder);
    }

    // In most schedules the CA is there; in others the workers make it.
    private async Task PrepareAsync()
    {
        folder.Write("ca/settings.json", Settings);
        int keys = random.Next(1, 4);
        for (int key = 0; key < keys; key++)
        {
            folder.Write($"ca/internal/csrs/{key}.csr", SharedCsrs.Of(key));
        }

        AddEntry(keys);
        if (random.Next(4) > 0)
        {
            using LocalCa local = await Worker.OpenAsync(Data);
            await new CreateRootCa(Worker.DeploymentOf(local)).RunAsync(CancellationToken.None);
            await new CreateIssuingCa(Worker.DeploymentOf(local)).RunAsync(CancellationToken.None);
        }
    }

    private async Task RoundAsync(int round)
    {
        Task<KilledWorker>[] running = [.. Enumerable.Range(1, random.Next(2, 4)).Select(number => KilledWorker.RunAsync(
            Data, $"{round}-{number}", random.Next(), random.Next(1, MostLines), random.Next(2) == 0 ? null : TimeSpan.FromMilliseconds(random.NextDouble() * MostMilliseconds)))];
        using var end = new CancellationTokenSource();
        Task looking = Task.Run(() => LookAsync(end.Token));
        try
        {
            workers.AddRange(await Task.WhenAll(running));
        }
        finally
        {
            await end.CancelAsync();
            await looking;
        }
    }

    // Relying parties download CRLs all the time: whatever they get is whole, and never older than what they got before.
    private async Task LookAsync(CancellationToken end)
    {
        var chains = new CrlChains(world: null);
        while (!end.IsCancellationRequested)
        {
            foreach (string name in (string[])[World.RootName, World.IssuingName])
            {
                string file = folder.At("ca", "external", $"{name}.crl");
                if (File.Exists(file))
                {
                    chains.Saw(file, await File.ReadAllBytesAsync(file, CancellationToken.None));
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(3), CancellationToken.None);
        }
    }

    // Between rounds people edit the folder.
    private void Operate()
    {
        AddEntry(keys: 3);
        string[][] issued = [.. Lines("issued")];
        if (issued.Length > 0)
        {
            string[] picked = issued[random.Next(issued.Length)];
            revoked.Add((JsonNode)new JsonObject { ["common_name"] = picked[4], ["serial_number"] = picked[2] });
            folder.Write("ca/internal/revoked.json", revoked.ToJsonString());
        }
    }

    private void AddEntry(int keys)
    {
        int key = random.Next(keys);
        folder.Write($"ca/internal/csrs/{key}.csr", SharedCsrs.Of(key));
        entries.Add($"{{\"common_name\": \"entry{entries.Count}.example.test\", \"csr_file\": \"{key}.csr\", \"lifetime\": 30}}");
        folder.Write("ca/internal/tls.json", $"[{string.Join(", ", entries)}]");
    }

    private IEnumerable<string[]> Lines(string word) => workers.SelectMany(worker => worker.Lines).Where(line => line[0] == word);

    // Each CRL that was published successfully took the place of another one: so all of them form one chain, and the one that is there
    // now is its last.
    private void CheckChain(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> now)
    {
        var chains = new CrlChains(world: null);
        IEnumerable<(string File, byte[] Der)> published = Lines("published").Select(line => (line[1], Convert.FromBase64String(line[2])));
        foreach ((string file, byte[] der) in published.OrderBy(crl => NumberOf(crl.Der)))
        {
            chains.Saw(file, der);
        }

        foreach (string file in (string[])[$"{World.RootName}.crl", $"{World.IssuingName}.crl"])
        {
            chains.Saw(file, now[file]);
        }
    }

    private static long? NumberOf(byte[] der) => CertificateRevocationList.TryDecode(der, out CertificateRevocationList? crl) ? crl.Number : null;

    // Whoever got no answer repeats the request: what was stored before the end of the worker is answered, and nothing else is issued.
    private async Task RepeatAsync(Deployment ca)
    {
        foreach (string[] begun in Lines("issue"))
        {
            bool force = bool.Parse(begun[3]);
            List<CertificateRecord> before = await ca.Ledger.ListAsync(CancellationToken.None).ToListAsync();
            string name = Worker.NameOf(begun[1], force);
            CertificateRecord? stored = before.SingleOrDefault(row => row.CommonName == name);
            var answer = await new IssueCertificate(ca).RunAsync(Worker.Request(begun[1], begun[2], force), CancellationToken.None) as IssueOutcome.Issued;
            Watch.Expect(stored is null || answer?.Record.SerialNumber == stored.SerialNumber, $"{name}: repeated, the answer is not the certificate that was stored");
            foreach (string[] issued in Lines("issued").Where(line => line[1] == begun[1]))
            {
                Watch.Expect(issued[2] == stored?.SerialNumber.ToString(), $"{name}: {issued[2]} was handed out, and is not stored");
            }
        }
    }

    private async Task RecoverAsync(Deployment ca, DataFolder data)
    {
        await new RunPipeline(ca).RunAsync(CancellationToken.None);
        PipelineReport second = await new RunPipeline(ca).RunAsync(CancellationToken.None);
        Watch.Expect(!second.Failed, "a run without faults failed: "
            + string.Join("; ", second.Steps.Select(step => step.Message).Concat(second.Entries.Select(entry => entry.Message))));
        Stores stores = await StoresAsync(ca, data);
        Invariants.AtAnyTime(stores);
        Invariants.AfterRecovery(stores);
        foreach (string[] revocation in Lines("revoked"))
        {
            Watch.Expect(stores.Rows.Any(row => row.SerialNumber.ToString() == revocation[1] && row.Revoked is not null),
                $"the revocation of {revocation[1]} was reported complete, and is gone");
        }

        CheckChain(stores.Published);
        string before = Invariants.StateOf(stores);
        await new RunPipeline(ca).RunAsync(CancellationToken.None);
        Stores after = await StoresAsync(ca, data);
        Watch.Expect(before == Invariants.StateOf(after) && stores.Received.SetEquals(after.Received), "a run over an unchanged folder changed something");
    }

    private async Task<Stores> StoresAsync(Deployment ca, DataFolder data) => new(
        ca.Ledger, await ca.Ledger.ListAsync(CancellationToken.None).ToListAsync())
    {
        Published = Contents(data.External, ""),
        Copies = Contents(Path.Combine(data.Internal, "crl"), "crl/"),
        HandedOut = [.. Lines("issued").Select(line => new Given(SerialNumber.TryParse(line[2], out SerialNumber serial) ? serial : default, line[3]))],
        Promised = new HashSet<string>(),
        Received = Directory.EnumerateFiles(data.Outbox, "*.json").Select(file => JsonNode.Parse(File.ReadAllText(file))!["Id"]!.GetValue<string>()).ToHashSet(),
        EntryNames = [.. Enumerable.Range(0, entries.Count).Select(number => $"entry{number}.example.test")],
    };

    private static Dictionary<string, ReadOnlyMemory<byte>> Contents(string path, string prefix) => Directory.EnumerateFiles(path)
        .Where(file => !Path.GetFileName(file).StartsWith('.'))
        .ToDictionary(file => prefix + Path.GetFileName(file), file => (ReadOnlyMemory<byte>)File.ReadAllBytes(file), StringComparer.Ordinal);
}

/// <summary>Says how a schedule of processes ended.</summary>
/// <param name="Seed">Decides what the workers try.</param>
/// <param name="Failure">What does not hold; null: everything does.</param>
/// <param name="Workers">The processes with their lines.</param>
internal sealed record KillResult(int Seed, string? Failure, IReadOnlyList<KilledWorker> Workers)
{
    /// <summary>Counts the lines of a kind.</summary>
    public int Count(string word) => Workers.Sum(worker => worker.Lines.Count(line => line[0] == word));
}
