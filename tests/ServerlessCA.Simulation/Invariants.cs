using System.Globalization;
using System.Text;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Simulation;

/// <summary>Holds what the stores of a CA have at one moment, and what its clients got.</summary>
/// <param name="Ledger">The ledger, without faults.</param>
/// <param name="Rows">All its rows.</param>
internal sealed record Stores(ICertificateLedger Ledger, IReadOnlyList<CertificateRecord> Rows)
{
    /// <summary>Gets the published files by their names.</summary>
    public required IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Published { get; init; }

    /// <summary>Gets the copies of CRLs by their names.</summary>
    public required IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Copies { get; init; }

    /// <summary>Gets the certificates that clients were given.</summary>
    public required IReadOnlyCollection<Given> HandedOut { get; init; }

    /// <summary>Gets the ids of events that clients know to be stored.</summary>
    public required IReadOnlySet<string> Promised { get; init; }

    /// <summary>Gets the ids of events that were delivered.</summary>
    public required IReadOnlySet<string> Received { get; init; }

    /// <summary>Gets the common names of the entries of <c>tls.json</c>.</summary>
    public required IReadOnlyCollection<string> EntryNames { get; init; }
}

/// <summary>Is a certificate that a client was given.</summary>
/// <param name="SerialNumber">Its number.</param>
/// <param name="Pem">Its text.</param>
internal readonly record struct Given(SerialNumber SerialNumber, string Pem);

/// <summary>Checks what must hold of the stores.</summary>
internal static class Invariants
{
    /// <summary>Checks what holds in the middle of everything.</summary>
    public static void AtAnyTime(Stores stores)
    {
        IReadOnlyList<CertificateRecord> rows = stores.Rows;
        foreach (Given given in stores.HandedOut)
        {
            Watch.Expect(rows.Any(row => row.SerialNumber == given.SerialNumber && row.CertificatePem == given.Pem),
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
    public static void AfterRecovery(Stores stores)
    {
        string[] missing = [.. stores.Promised.Except(stores.Received)];
        Watch.Expect(missing.Length == 0, $"never delivered: {string.Join(", ", missing)}");
        foreach (CertificateRecord row in stores.Rows.Where(row => !row.IsCa)) // all ask for notifications, or are entries
        {
            Watch.Expect(stores.Received.Contains($"issued-{row.SerialNumber}"), $"the issue of {row.SerialNumber} was never announced");
            Watch.Expect(row.Revoked is null || stores.Received.Contains($"revoked-{row.SerialNumber}"), $"the revocation of {row.SerialNumber} was never announced");
        }

        string[] unfounded = [.. stores.Received.Where(id => !IsFounded(id, stores.Rows))];
        Watch.Expect(unfounded.Length == 0, $"announced, and nothing of it is stored: {string.Join(", ", unfounded)}");
        Watch.Expect(Scheduler.Atomic(() => stores.Ledger.ReadOutboxAsync(1, CancellationToken.None)).Count == 0, "the outbox is not empty");
        CheckCrl(stores, World.RootName);
        CheckCrl(stores, World.IssuingName);
        CheckReservationsAndHistory(stores);
        foreach (string entry in stores.EntryNames)
        {
            Watch.Expect(stores.Rows.Count(row => row.CommonName == entry) <= 1, $"the entry {entry} has several certificates");
        }
    }

    /// <summary>Says whether what an event announces of a certificate is stored.</summary>
    public static bool IsFounded(string eventId, IReadOnlyList<CertificateRecord> rows)
    {
        const string Issued = "issued-";
        const string Revoked = "revoked-";
        return eventId.StartsWith(Issued, StringComparison.Ordinal) ? rows.Any(row => $"{row.SerialNumber}" == eventId[Issued.Length..])
            : !eventId.StartsWith(Revoked, StringComparison.Ordinal)
            || rows.Any(row => row.Revoked is not null && $"{row.SerialNumber}" == eventId[Revoked.Length..]);
    }

    /// <summary>Writes down everything that a run without news must not change.</summary>
    public static string StateOf(Stores stores)
    {
        var state = new StringBuilder();
        foreach (CertificateRecord row in stores.Rows.OrderBy(row => row.SerialNumber))
        {
            state.Append(CultureInfo.InvariantCulture, $"{row.CommonName} {row.SerialNumber} {row.Revoked} {row.ExpiryReminders.Count} {row.CertificatePem}\n");
        }

        foreach ((string key, ReadOnlyMemory<byte> content) in stores.Published.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            bool isCrl = CertificateRevocationList.TryDecode(content, out CertificateRevocationList? crl);
            bool isPem = key.EndsWith(".crl.pem", StringComparison.Ordinal); // beside it, and compared with it
            state.Append(key).AppendLine(isCrl ? string.Join(",", crl!.Entries().Select(entry => $"{entry.SerialNumber} {entry.RevokedAt} {entry.Reason}"))
                : isPem ? "" : Convert.ToHexString(content.Span));
        }

        return state.ToString();
    }

    private static void CheckCrl(Stores stores, string caName)
    {
        CertificateRecord ca = stores.Rows.Single(row => row.CommonName == caName);
        Watch.Expect(Text(stores, $"{caName}.crt") == ca.CertificatePem, $"{caName}.crt is not the certificate in the ledger");
        ReadOnlyMemory<byte> der = stores.Published[$"{caName}.crl"];
        Watch.Expect(CertificateRevocationList.TryDecode(der, out CertificateRevocationList? crl), $"{caName}.crl is no CRL");
        Watch.Expect(Text(stores, $"{caName}.crl.pem") == Encoding.ASCII.GetString(crl!.Pem()), $"{caName}: the CRL in PEM is another one");
        Watch.Expect(stores.Copies[$"crl/{caName}.crl"].Span.SequenceEqual(der.Span), $"{caName}: the copy of the CRL is another one");
        Watch.Expect(crl.Number <= ca.CrlNumber, $"{caName}: the CRL has number {crl.Number}, the ledger only {ca.CrlNumber}");
        if (caName == World.IssuingName)
        {
            HashSet<SerialNumber> listed = [.. crl.Entries().Select(entry => entry.SerialNumber)];
            foreach (CertificateRecord row in stores.Rows.Where(row => !row.IsCa && row.Revoked is not null && row.Expires >= crl.ThisUpdate))
            {
                Watch.Expect(listed.Contains(row.SerialNumber), $"{row.SerialNumber} is revoked, and not on the CRL");
            }

            Watch.Expect(listed.All(serial => stores.Rows.Any(row => row.SerialNumber == serial && row.Revoked is not null)), "the CRL has what is not revoked");
        }
    }

    private static void CheckReservationsAndHistory(Stores stores)
    {
        foreach (CertificateRecord row in stores.Rows)
        {
            var ofName = new HistoryQuery(1000) { CommonName = row.CommonName };
            IReadOnlyList<HistoryEntry> history = Scheduler.Atomic(() => stores.Ledger.FindHistoryAsync(ofName, CancellationToken.None));
            Watch.Expect(history.Count(entry => entry.Kind == HistoryKind.Issued && entry.SerialNumber == row.SerialNumber) == 1,
                $"the history does not have the issue of {row.SerialNumber} once");
            if (!row.IsCa && ReservedKey.Of(row) is { } key)
            {
                KeyReservation? reservation = Scheduler.Atomic(() => stores.Ledger.FindKeyAsync(key, CancellationToken.None));
                Watch.Expect(reservation is not null, $"the key of {row.SerialNumber} is not reserved");
                Watch.Expect(row.Revoked is not { } revoked || !RevocationReasons.IsCompromise(revoked.Reason) || reservation!.Compromised,
                    $"the key of {row.SerialNumber} is compromised, and its reservation does not say so");
            }
        }
    }

    private static string Text(Stores stores, string file) => Encoding.ASCII.GetString(stores.Published[file].Span);
}
