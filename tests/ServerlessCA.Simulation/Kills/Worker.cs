using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local;

namespace ServerlessCA.Simulation.Kills;

/// <summary>Is a process that works on a data folder until it is killed. It writes a line before each work, and one for each thing
/// that it got done, after the answer.</summary>
internal sealed class Worker
{
    private const int MaxWorks = 300; // our decision: a worker whose parent died ends by itself

    private static readonly RevocationReason[] Reasons = [RevocationReason.Superseded, RevocationReason.KeyCompromise, RevocationReason.CessationOfOperation];

    private readonly Deployment ca;
    private readonly Random random;
    private readonly string[] csrs;

    private Worker(Deployment ca, int seed, string[] csrs)
    {
        this.ca = ca with { PublishedFiles = new ReportingFiles(ca.PublishedFiles) };
        random = new Random(seed);
        this.csrs = csrs;
    }

    /// <summary>Works on a folder, and never returns before it is killed, or all works are done.</summary>
    /// <param name="path">The data folder.</param>
    /// <param name="name">Distinguishes its requests from those of other workers.</param>
    /// <param name="seed">Decides what it tries.</param>
    /// <param name="lastLine">It kills itself (SIGKILL) the moment it has written so many lines; 0: others do.</param>
    public static async Task<int> RunAsync(string path, string name, int seed, int lastLine)
    {
        WorkerLine.Last = lastLine;
        using LocalCa local = await OpenAsync(path);
        var files = new DirectoryInfo(Path.Combine(local.Folder.Internal, "csrs"));
        string[] csrs = [.. files.EnumerateFiles("*.csr").OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => File.ReadAllText(file.FullName))];
        var worker = new Worker(DeploymentOf(local), seed, csrs);
        WorkerLine.Write("ready");
        for (int work = 1; work <= MaxWorks; work++)
        {
            await worker.WorkAsync($"{name}-{work}");
        }

        return 0;
    }

    /// <summary>Opens a data folder, which it makes with its keys if necessary.</summary>
    public static async Task<LocalCa> OpenAsync(string path)
    {
        LocalCa local = await LocalCa.OpenAsync(new DataFolder(path), create: true, TimeProvider.System, delivered: null, CancellationToken.None);
        await local.CreateKeysAsync(CancellationToken.None);
        return local;
    }

    /// <summary>Puts the deployment of a folder together.</summary>
    public static Deployment DeploymentOf(LocalCa local) => new(
        local.Settings.Ca, local.Keys, local.Ledger, local.InternalFiles, local.PublishedFiles, local.CrlCopies, local.Notifier, local.Serials, TimeProvider.System);

    /// <summary>Returns the common name of a request, which no other one has.</summary>
    public static string NameOf(string token, bool force) => $"{(force ? "forced" : "direct")}-{token}.example.test";

    /// <summary>Makes the request of a worker, which is repeated as it is.</summary>
    public static byte[] Request(string token, string csr, bool force) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["common_name"] = NameOf(token, force),
        ["base64_csr_data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(csr)),
        ["lifetime"] = 30,
        ["notify_issued"] = true,
        ["force_issue"] = force,
        ["idempotency_token"] = token,
    }.ToJsonString());

    private async Task WorkAsync(string token)
    {
        try
        {
            await (random.Next(12) switch
            {
                0 or 1 or 2 or 3 or 4 => IssueAsync(token),
                5 or 6 => RevokeAsync(),
                7 => PublishAsync(),
                8 or 9 => RunAsync(),
                10 => new DeliverOutbox(ca).RunAsync(CancellationToken.None),
                _ => CreateAsync(),
            });
        }
        catch (Exception fault) when (Faults.IsFault(fault) || fault is RevocationIncompleteException)
        {
            WorkerLine.Write("fault", fault.Message);
        }
    }

    // What is issued at once is committed as one group.
    private Task IssueAsync(string token)
    {
        int atOnce = random.Next(3) == 0 ? 4 : 1;
        return Task.WhenAll(Enumerable.Range(1, atOnce).Select(number => IssueAsync(
            $"{token}-{number}", csrs[random.Next(csrs.Length)], force: random.Next(3) == 0, times: random.Next(3) == 0 ? 2 : 1)));
    }

    private async Task IssueAsync(string token, string csr, bool force, int times)
    {
        byte[] request = Request(token, csr, force);
        WorkerLine.Write("issue", token, csr, $"{force}");
        for (; times > 0; times--)
        {
            if (await new IssueCertificate(ca).RunAsync(request, CancellationToken.None) is IssueOutcome.Issued { Record: { } record })
            {
                WorkerLine.Write("issued", token, record.SerialNumber.ToString(), record.CertificatePem, record.CommonName);
            }
        }
    }

    private async Task RevokeAsync()
    {
        CertificateRecord[] rows = [.. (await ca.Ledger.ListAsync(CancellationToken.None).ToListAsync()).Where(row => !row.IsCa)];
        if (rows.Length > 0)
        {
            CertificateRecord row = rows[random.Next(rows.Length)];
            WorkerLine.Write("revoke", row.SerialNumber.ToString());
            if (await new RevokeAndPublish(ca).RunAsync(row, Reasons[random.Next(Reasons.Length)], CancellationToken.None) is { Crl: not null })
            {
                WorkerLine.Write("revoked", row.SerialNumber.ToString());
            }
        }
    }

    private async Task PublishAsync()
    {
        WorkerLine.Write("publish");
        await (random.Next(3) == 0 ? PublishCrl.OfRoot(ca) : PublishCrl.OfIssuing(ca)).RunAsync(CancellationToken.None);
    }

    private async Task RunAsync()
    {
        WorkerLine.Write("run");
        await new RunPipeline(ca).RunAsync(CancellationToken.None);
    }

    private async Task CreateAsync()
    {
        WorkerLine.Write("create");
        await new CreateRootCa(ca).RunAsync(CancellationToken.None);
        await new CreateIssuingCa(ca).RunAsync(CancellationToken.None);
    }

    private sealed class ReportingFiles(IPublishedFiles inner) : IPublishedFiles
    {
        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => inner.ReadAsync(key, cancellation);

        public async Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation)
        {
            bool done = await inner.PublishAsync(file, expected, cancellation);
            if (done && file.Key.EndsWith(".crl", StringComparison.Ordinal))
            {
                WorkerLine.Write("published", file.Key, Convert.ToBase64String(file.Content.Span));
            }

            return done;
        }
    }
}

/// <summary>Is one line of a worker: words in base64, and an end by which a line that was cut is known.</summary>
internal static class WorkerLine
{
    private const string End = ".";

    private static int written;

    /// <summary>Gets or sets after how many lines this process kills itself; 0: it does not.</summary>
    public static int Last { get; set; }

    /// <summary>Writes a line as a whole.</summary>
    public static void Write(params string[] words)
    {
        Console.WriteLine($"{string.Join(' ', words.Select(word => Convert.ToBase64String(Encoding.UTF8.GetBytes(word))))} {End}");
        if (Interlocked.Increment(ref written) == Last)
        {
            using var own = Process.GetCurrentProcess();
            own.Kill();
        }
    }

    /// <summary>Reads a line; null: it was cut.</summary>
    public static string[]? Read(string line)
    {
        string[] words = line.Split(' ');
        return words[^1] == End ? [.. words[..^1].Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word)))] : null;
    }
}
