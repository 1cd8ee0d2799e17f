using ServerlessCA.Benchmarks.Load;
using ServerlessCA.Benchmarks.Results;

namespace ServerlessCA.Benchmarks.Peers;

/// <summary><c>serve</c> beside step-ca and cfssl: the same clients with the same CSRs take turns at all of them.</summary>
internal static class PeerBenchmark
{
    private const int Compared = 8; // clients, for the targets

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(2); // step-ca takes no token of the second in which it started

    private static readonly (int Clients, int Requests)[] Runs = [(1, 600), (2, 1000), (8, 2000), (32, 2000)];

    public static async Task<BenchmarkResult> RunAsync(Effort effort)
    {
        await Programs.BuildAsync(always: false);
        if (!File.Exists(Path.Combine(Programs.Peers, "step-ca")))
        {
            throw new InvalidOperationException("step-ca is missing; run benchmarks/peers/build");
        }

        var peers = new List<Peer>();
        try
        {
            peers.Add(await OwnPeer.StartAsync("serve, native", Programs.Native));
            peers.Add(await OwnPeer.StartAsync("serve, JIT", Programs.Jit));
            peers.Add(await StepPeer.StartAsync());
            peers.Add(await CfsslPeer.StartAsync());
            return await MeasureAsync(peers, effort);
        }
        finally
        {
            foreach (Peer peer in peers)
            {
                await peer.DisposeAsync();
            }
        }
    }

    private static async Task<BenchmarkResult> MeasureAsync(List<Peer> peers, Effort effort)
    {
        await Task.Delay(Calm);
        Dictionary<Peer, long> idle = peers.ToDictionary(peer => peer, peer => peer.Meter.Memory), steady = [], anonymous = [];
        LoadCsr[] warm = Csrs(effort.Of(2000, 160));
        foreach (Peer peer in peers)
        {
            await LoadGenerator.RunAsync(peer, Compared, warm);
        }

        var all = new Dictionary<(Peer Peer, int Clients), List<LoadFigures>>();
        foreach ((int clients, int requests) in Runs)
        {
            for (int round = 0; round < effort.Of(5, 2); round++)
            {
                LoadCsr[] csrs = Csrs(effort.Of(requests, requests / 5));
                foreach (Peer peer in peers.Skip(round % peers.Count).Concat(peers.Take(round % peers.Count)))
                {
                    LoadFigures figures = await LoadGenerator.RunAsync(peer, clients, csrs);
                    Console.Error.WriteLine($"{clients} clients, round {round + 1}, {peer.Name}: {Figure.Text(figures.Rate, 0)}/s, {Figure.Text(figures.Work, 2)} ms");
                    all.TryAdd((peer, clients), []);
                    all[(peer, clients)].Add(figures);
                }
            }

            if (clients == Compared)
            {
                steady = peers.ToDictionary(peer => peer, peer => peer.Meter.Memory);
                anonymous = peers.ToDictionary(peer => peer, peer => peer.Meter.Anonymous);
            }
        }

        Peer step = peers.Single(peer => peer is StepPeer);
        var named = new Dictionary<string, double>();
        foreach (Peer own in peers.Where(peer => peer is OwnPeer))
        {
            string prefix = own.Name == "serve, native" ? "peers.native" : "peers.jit";
            (List<LoadFigures> ours, List<LoadFigures> theirs) = (all[(own, Compared)], all[(step, Compared)]);
            named[$"{prefix}.rate"] = Figure.Median(ours.Zip(theirs, (our, their) => our.Rate / their.Rate));
            named[$"{prefix}.work"] = Figure.Median(ours.Zip(theirs, (our, their) => our.Work / their.Work));
            named[$"{prefix}.memory"] = (double)steady[own] / steady[step];
        }

        return new BenchmarkResult
        {
            Versions = await File.ReadAllLinesAsync(Path.Combine(Programs.Peers, "versions")),
            Figures = named,
            Sections = [Rates(peers, all), Memory(peers, idle, steady, anonymous)],
        };
    }

    private static ResultSection Rates(List<Peer> peers, Dictionary<(Peer Peer, int Clients), List<LoadFigures>> all) => new(
        "serve beside step-ca and cfssl",
        """
        Clients of one load generator on the same machine, over TLS, each with a connection of its own that stays open, and a new P-256 key for every
        certificate. All servers run all the time and take turns; the columns are medians of the rounds. All have an issuing CA with a P-256 key. `serve`
        writes its log of requests, as it always does; the others write none. The processor time is the server's alone.

        - `serve` stores row, reservation of the key and event in one transaction of SQLite, and flushes it before it answers; requests that wait
          together share a flush.
        - step-ca stores the used token, the certificate and its data in Badger, whose `SyncWrites` is on, as it is unless a program turns it off.
        - cfssl stores the certificate in SQLite with a write-ahead log that is flushed for each (`_synchronous=FULL`: as it is built, it does not). It
          checks no credentials, no reuse of a key, and has no list of what happened.
        """,
        ["clients", "server", "certificates a second", "of step-ca's", "ms of CPU each", "of step-ca's", "median ms", "99 % below ms"],
        [.. Runs.SelectMany(run => peers.Select(peer => Row(peer, run.Clients, all[(peer, run.Clients)], all[(peers.Single(one => one is StepPeer), run.Clients)])))]);

    private static IReadOnlyList<string> Row(Peer peer, int clients, List<LoadFigures> own, List<LoadFigures> step) =>
    [
        Figure.Text(clients, 0), peer.Name,
        Figure.Text(Figure.Median(own.Select(one => one.Rate)), 0), Figure.Text(Figure.Median(own.Zip(step, (our, their) => our.Rate / their.Rate)), 2),
        Figure.Text(Figure.Median(own.Select(one => one.Work)), 2), Figure.Text(Figure.Median(own.Zip(step, (our, their) => our.Work / their.Work)), 2),
        Figure.Text(Figure.Median(own.Select(one => one.Median)), 1), Figure.Text(Figure.Median(own.Select(one => one.Slowest)), 1),
    ];

    private static ResultSection Memory(List<Peer> peers, Dictionary<Peer, long> idle, Dictionary<Peer, long> steady, Dictionary<Peer, long> anonymous) => new(
        "Memory of servers",
        "Resident memory of the same servers: after the start, after the rounds of 8 clients, the part of that which is not in files, and the most ever.",
        ["server", "start, MB", "8 clients, MB", "not in files, MB", "peak, MB"],
        [.. peers.Select(peer => (IReadOnlyList<string>)
        [
            peer.Name, Figure.Megabytes(idle[peer]), Figure.Megabytes(steady[peer]), Figure.Megabytes(anonymous[peer]), Figure.Megabytes(peer.Meter.Peak),
        ])]);

    private static LoadCsr[] Csrs(int count) => [.. Enumerable.Range(0, count).AsParallel().Select(_ => LoadCsr.Make())];
}
