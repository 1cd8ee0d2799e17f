using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Simulation;

/// <summary>Makes the clients of a schedule: each does a few things, one after another, and repeats what failed as the
/// documentation says.</summary>
/// <param name="world">The world in which they live.</param>
internal sealed class Clients(World world)
{
    private const int MaxTries = 3; // our decision: then a client gives up, as people do

    private static readonly int[] Lifetimes = [1, 2, 31, 60];
    private static readonly RevocationReason[] Reasons = [RevocationReason.Superseded, RevocationReason.KeyCompromise, RevocationReason.CessationOfOperation];

    private readonly JsonArray entries = [];
    private readonly JsonArray revoked = [];
    private readonly Random random = world.Random;

    // Few keys: most certificates are of one that is used already, and clients race for it.
    private readonly int keys = world.Random.Next(3) switch { 0 => 1, 1 => 2, _ => SharedCsrs.Count };
    private readonly int forcedOf = world.Random.Next(2) == 0 ? 2 : 6;
    private int tokens;

    /// <summary>Lists the certificates that clients were given.</summary>
    public List<Given> HandedOut { get; } = [];

    /// <summary>Lists the entries of <c>tls.json</c> by their names.</summary>
    public IEnumerable<string> EntryNames => entries.Select(entry => entry!["common_name"]!.GetValue<string>());

    /// <summary>Makes the clients; nobody has started them.</summary>
    public IReadOnlyList<Func<Task>> Make()
    {
        AddEntry();
        return [.. Enumerable.Range(1, random.Next(2, 6)).Select(number => (Func<Task>)(() => LiveAsync($"client {number}")))];
    }

    private async Task LiveAsync(string name)
    {
        Deployment ca = world.DeploymentOf(name);
        for (int works = random.Next(1, 4); works > 0; works--)
        {
            await Task.Yield();
            await WorkAsync(ca);
        }
    }

    private Task WorkAsync(Deployment ca) => random.Next(14) switch
    {
        0 or 1 or 2 or 3 => IssueAsync(ca),
        4 or 5 => RevokeAsync(ca),
        6 or 7 => TryAsync(() => PublishCrl.OfIssuing(ca).RunAsync(CancellationToken.None)),
        8 => TryAsync(() => PublishCrl.OfRoot(ca).RunAsync(CancellationToken.None)),
        9 => TryAsync(() => new RunPipeline(ca).RunAsync(CancellationToken.None)),
        10 => TryAsync(() => new RemindOfExpiry(ca).RunAsync(CancellationToken.None)),
        11 => TryAsync(() => new DeliverOutbox(ca).RunAsync(CancellationToken.None)),
        12 => TryAsync(async () =>
        {
            await new CreateRootCa(ca).RunAsync(CancellationToken.None);
            return await new CreateIssuingCa(ca).RunAsync(CancellationToken.None);
        }),
        _ => Now(Operate),
    };

    private async Task IssueAsync(Deployment ca)
    {
        bool force = random.Next(forcedOf) == 0;
        int key = random.Next(keys);
        var request = new JsonObject
        {
            ["common_name"] = force ? $"forced{random.Next(3)}.example.test" : $"direct{random.Next(3)}.example.test",
            ["base64_csr_data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(SharedCsrs.Of(key))),
            ["lifetime"] = Lifetimes[random.Next(Lifetimes.Length)],
            ["notify_issued"] = true,
            ["notify_expiry"] = random.Next(2) == 0,
            ["force_issue"] = force,
            ["idempotency_token"] = $"token {tokens++}",
        };
        byte[] utf8 = Encoding.UTF8.GetBytes(request.ToJsonString());
        DateTimeOffset begun = ca.Clock.GetUtcNow();
        if (await TryAsync(() => new IssueCertificate(ca).RunAsync(utf8, CancellationToken.None)) is IssueOutcome.Issued first)
        {
            Give(first.Record);
            if (random.Next(3) == 0 && await TryAsync(() => new IssueCertificate(ca).RunAsync(utf8, CancellationToken.None)) is IssueOutcome.Issued again)
            {
                Watch.Expect(again.Record.SerialNumber == first.Record.SerialNumber || (ca.Clock.GetUtcNow() - begun).Duration() > TimeSpan.FromHours(23),
                    $"one token has two certificates, {first.Record.SerialNumber} and {again.Record.SerialNumber}");
            }
        }
    }

    private void Give(CertificateRecord record)
    {
        HandedOut.Add(new Given(record.SerialNumber, record.CertificatePem));
        Watch.Expect(world.Rows.Any(row => row.SerialNumber == record.SerialNumber && row.CertificatePem == record.CertificatePem),
            $"{record.SerialNumber} was handed out, and has no row");
    }

    private async Task RevokeAsync(Deployment ca)
    {
        if (Picked() is { } row
            && await TryAsync(() => new RevokeAndPublish(ca).RunAsync(row, Reasons[random.Next(Reasons.Length)], CancellationToken.None)) is { Crl: { } crl })
        {
            Watch.Expect(world.Watch.IsOnCrl(crl.File, row.SerialNumber) || row.Expires < ca.Clock.GetUtcNow(),
                $"the revocation of {row.SerialNumber} was reported complete, and the CRL lacks it");
        }
    }

    // People edit the folder; time passes, and clocks are set.
    private void Operate()
    {
        switch (random.Next(4))
        {
            case 0:
                AddEntry();
                break;
            case 1 when Picked() is { } row:
                revoked.Add((JsonNode)new JsonObject { ["common_name"] = row.CommonName, ["serial_number"] = row.SerialNumber.ToString() });
                world.Internal.With("revoked.json", revoked.ToJsonString());
                break;
            case 2:
                world.Clock.Jump(TimeSpan.FromMinutes(random.Next(-600, 600)));
                break;
            default:
                world.Clock.Jump(TimeSpan.FromHours(random.Next(1, 800)));
                break;
        }
    }

    private void AddEntry()
    {
        int key = random.Next(keys);
        string name = $"entry{entries.Count}.example.test";
        world.Internal.With($"csrs/{key}.csr", SharedCsrs.Of(key));
        entries.Add((JsonNode)new JsonObject { ["common_name"] = name, ["csr_file"] = $"{key}.csr", ["lifetime"] = Lifetimes[random.Next(Lifetimes.Length)] });
        world.Internal.With("tls.json", entries.ToJsonString());
    }

    private CertificateRecord? Picked()
    {
        CertificateRecord[] rows = [.. world.Rows.Where(row => !row.IsCa).OrderBy(row => row.SerialNumber)];
        return rows.Length == 0 ? null : rows[random.Next(rows.Length)];
    }

    // A client that has got no answer repeats its call.
    private static async Task<T?> TryAsync<T>(Func<Task<T>> work)
        where T : notnull
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await work();
            }
            catch (Exception fault) when (Faults.IsFault(fault) || fault is RevocationIncompleteException)
            {
                if (tries == MaxTries)
                {
                    return default;
                }
            }
        }
    }

    private static Task Now(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
