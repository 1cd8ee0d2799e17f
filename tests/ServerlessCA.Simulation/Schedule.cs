using System.Globalization;
using System.Text;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Simulation;

/// <summary>Runs one schedule: clients with faults, then recovery without, and checks what must hold.</summary>
internal static class Schedule
{
    /// <summary>Runs the schedule of a seed.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="keepsTrace">Whether every call is written down.</param>
    /// <param name="ledger">The ledger, empty; null: one in memory.</param>
    /// <returns>What happened; a failure says what does not hold, and how to see it again.</returns>
    public static ScheduleResult Run(int seed, bool keepsTrace = false, ICertificateLedger? ledger = null)
    {
        var world = new World(seed, keepsTrace, ledger);
        string? failure = null;
        int calls = 0;
        try
        {
            var clients = new Clients(world);
            if (world.Random.Next(4) > 0)
            {
                Create(world);
            }

            new Scheduler(world.Random, burst: world.Random.Next(4) * 30).Run(clients.Make());
            calls = world.Calls;
            Invariants.AtAnyTime(world, clients);
            Recover(world, clients);
        }
        catch (Exception violation) when (violation is not OutOfMemoryException)
        {
            // Whatever else a client ends with is a finding, too: faults of ports have types of their own.
            failure = string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {(violation is ViolationException ? "" : violation.GetType().Name + ": ")}{violation.Message}\nreplay: eng/simulate --replay {seed}");
        }

        return new ScheduleResult(seed, failure, calls, world.Faults, world.Digest, world.Trace);
    }

    private static void Create(World world)
    {
        world.IsQuiet = true;
        Deployment ca = world.DeploymentOf("setup");
        new Scheduler(world.Random, burst: 100).Run([async () =>
        {
            await new CreateRootCa(ca).RunAsync(CancellationToken.None);
            await new CreateIssuingCa(ca).RunAsync(CancellationToken.None);
        }]);
        world.IsQuiet = false;
    }

    private static void Recover(World world, Clients clients)
    {
        world.IsQuiet = true;
        world.Clock.Heal();
        RunOnce(world);
        PipelineReport second = RunOnce(world); // it delivers what the first one's own steps left
        Watch.Expect(!second.Failed, "a run without faults failed: "
            + string.Join("; ", second.Steps.Select(step => step.Message).Concat(second.Entries.Select(entry => entry.Message))));
        Invariants.AtAnyTime(world, clients);
        Invariants.AfterRecovery(world, clients);
        string before = Invariants.StateOf(world);
        int received = world.Watch.Deliveries;
        RunOnce(world);
        Watch.Expect(before == Invariants.StateOf(world) && received == world.Watch.Deliveries, "a run over an unchanged folder changed something");
    }

    private static PipelineReport RunOnce(World world)
    {
        PipelineReport? report = null;
        Deployment ca = world.DeploymentOf("recovery");
        new Scheduler(world.Random, burst: 100).Run([async () => report = await new RunPipeline(ca).RunAsync(CancellationToken.None)]);
        return report!;
    }
}

/// <summary>Says how a schedule ended.</summary>
/// <param name="Seed">Decides the schedule.</param>
/// <param name="Failure">What does not hold; null: everything does.</param>
/// <param name="Calls">How many calls of ports the clients made.</param>
/// <param name="Faults">How many of them met a fault.</param>
/// <param name="Digest">A digest of all calls in their order.</param>
/// <param name="Trace">All calls, for people.</param>
internal sealed record ScheduleResult(int Seed, string? Failure, int Calls, int Faults, ulong Digest, string Trace);

/// <summary>Checks what must hold of the stores.</summary>
internal static class Invariants
{
    /// <summary>Checks what holds in the middle of everything.</summary>
    public static void AtAnyTime(World world, Clients clients)
    {
        IReadOnlyList<CertificateRecord> rows = world.Rows;
        foreach (CertificateRecord given in clients.HandedOut)
        {
            Watch.Expect(rows.Any(row => row.SerialNumber == given.SerialNumber && row.CertificatePem == given.CertificatePem),
                $"{given.SerialNumber} was handed out, and its row is gone");
        }

        Watch.Expect(rows.DistinctBy(row => row.SerialNumber).Count() == rows.Count, "two certificates have one serial number");
        Watch.Expect(rows.Where(row => row.IsCa).DistinctBy(row => row.CommonName).Count() == rows.Count(row => row.IsCa), "a CA was created twice");
        foreach (IGrouping<KeyHash?, CertificateRecord> same in rows.Where(row => !row.IsCa).GroupBy(row => row.PublicKeyHash))
        {
            Watch.Expect(same.Count(row => !row.CommonName.StartsWith("forced", StringComparison.Ordinal)) <= 1,
                $"the key of {string.Join(" and ", same.Select(row => row.CommonName))} has several certificates, and nobody forced it");
        }
    }

    /// <summary>Checks what holds once a run has ended without faults.</summary>
    public static void AfterRecovery(World world, Clients clients)
    {
        string[] missing = [.. world.Watch.Promised.Except(world.Watch.Received)];
        Watch.Expect(missing.Length == 0, $"never delivered: {string.Join(", ", missing)}");
        foreach (CertificateRecord row in world.Rows.Where(row => !row.IsCa)) // all ask for notifications, or are entries
        {
            Watch.Expect(world.Watch.Received.Contains($"issued-{row.SerialNumber}"), $"the issue of {row.SerialNumber} was never announced");
            Watch.Expect(row.Revoked is null || world.Watch.Received.Contains($"revoked-{row.SerialNumber}"), $"the revocation of {row.SerialNumber} was never announced");
        }

        Watch.Expect(Scheduler.Atomic(() => world.Ledger.ReadOutboxAsync(1, CancellationToken.None)).Count == 0, "the outbox is not empty");
        CheckCrl(world, World.RootName);
        CheckCrl(world, World.IssuingName);
        CheckReservationsAndHistory(world);
        foreach (string entry in clients.EntryNames)
        {
            Watch.Expect(world.Rows.Count(row => row.CommonName == entry) <= 1, $"the entry {entry} has several certificates");
        }
    }

    /// <summary>Writes down everything that a run without news must not change.</summary>
    public static string StateOf(World world)
    {
        var state = new StringBuilder();
        foreach (CertificateRecord row in world.Rows.OrderBy(row => row.SerialNumber))
        {
            state.Append(CultureInfo.InvariantCulture, $"{row.CommonName} {row.SerialNumber} {row.Revoked} {row.ExpiryReminders.Count} {row.CertificatePem}\n");
        }

        foreach ((string key, PublishedFile file) in world.Files.Files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            bool isCrl = CertificateRevocationList.TryDecode(file.Content, out CertificateRevocationList? crl);
            bool isPem = key.EndsWith(".crl.pem", StringComparison.Ordinal); // beside it, and compared with it
            state.Append(key).AppendLine(isCrl ? string.Join(",", crl!.Entries().Select(entry => $"{entry.SerialNumber} {entry.RevokedAt} {entry.Reason}"))
                : isPem ? "" : Convert.ToHexString(file.Content.Span));
        }

        return state.ToString();
    }

    private static void CheckCrl(World world, string caName)
    {
        CertificateRecord ca = world.Rows.Single(row => row.CommonName == caName);
        Watch.Expect(Text(world, $"{caName}.crt") == ca.CertificatePem, $"{caName}.crt is not the certificate in the ledger");
        PublishedFile der = world.Files.Files[$"{caName}.crl"];
        Watch.Expect(CertificateRevocationList.TryDecode(der.Content, out CertificateRevocationList? crl), $"{caName}.crl is no CRL");
        Watch.Expect(Text(world, $"{caName}.crl.pem") == Encoding.ASCII.GetString(crl!.Pem()), $"{caName}: the CRL in PEM is another one");
        Watch.Expect(world.Copies.Files[$"crl/{caName}.crl"].Content.Span.SequenceEqual(der.Content.Span), $"{caName}: the copy of the CRL is another one");
        Watch.Expect(crl.Number <= ca.CrlNumber, $"{caName}: the CRL has number {crl.Number}, the ledger only {ca.CrlNumber}");
        if (caName == World.IssuingName)
        {
            HashSet<SerialNumber> listed = [.. crl.Entries().Select(entry => entry.SerialNumber)];
            foreach (CertificateRecord row in world.Rows.Where(row => !row.IsCa && row.Revoked is not null && row.Expires >= crl.ThisUpdate))
            {
                Watch.Expect(listed.Contains(row.SerialNumber), $"{row.SerialNumber} is revoked, and not on the CRL");
            }

            Watch.Expect(listed.All(serial => world.Rows.Any(row => row.SerialNumber == serial && row.Revoked is not null)), "the CRL has what is not revoked");
        }
    }

    private static void CheckReservationsAndHistory(World world)
    {
        IReadOnlyList<HistoryEntry> history = Scheduler.Atomic(() => world.Ledger.FindHistoryAsync(new HistoryQuery(10_000), CancellationToken.None));
        foreach (CertificateRecord row in world.Rows)
        {
            Watch.Expect(history.Count(entry => entry.Kind == HistoryKind.Issued && entry.SerialNumber == row.SerialNumber) == 1,
                $"the history does not have the issue of {row.SerialNumber} once");
            if (!row.IsCa && ReservedKey.Of(row) is { } key)
            {
                KeyReservation? reservation = Scheduler.Atomic(() => world.Ledger.FindKeyAsync(key, CancellationToken.None));
                Watch.Expect(reservation is not null, $"the key of {row.SerialNumber} is not reserved");
                Watch.Expect(row.Revoked is not { } revoked || !RevocationReasons.IsCompromise(revoked.Reason) || reservation!.Compromised,
                    $"the key of {row.SerialNumber} is compromised, and its reservation does not say so");
            }
        }
    }

    private static string Text(World world, string file) => Encoding.ASCII.GetString(world.Files.Files[file].Content.Span);
}
