using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Health;

/// <summary>Checks the rows of the table. A ledger that can answer by its indexes does so (<see cref="ITableFacts"/>). Any other is read
/// once from end to end, in the pages that it streams, and no row is read alone.</summary>
internal sealed class TableHealth(Deployment ca)
{
    /// <summary>Checks them.</summary>
    public async Task<IReadOnlyList<HealthFinding>> RunAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var usage = new UsageHealth(ca.Settings.AllowOcspSigning, now);
        var due = new DueHealth(ca.Settings.ExpiryReminders, now);
        var reservations = new ReservationHealth(ca.Settings.Names);
        if (LedgerOffers.Find<ITableFacts>(ca.Ledger) is { } facts)
        {
            await AskAsync(facts, usage, due, reservations, cancellation);
        }
        else
        {
            await ReadAsync(usage, due, reservations, cancellation);
        }

        await AskForRemindersAsync(now, cancellation);
        return [usage.Finding(), due.Finding(), reservations.Finding()];
    }

    private static async Task AskAsync(
        ITableFacts facts, UsageHealth usage, DueHealth due, ReservationHealth reservations, CancellationToken cancellation)
    {
        if (!usage.IsAllowed) // then there may be many, and none counts
        {
            await foreach (CertificateRecord row in facts.ListRespondersAsync(cancellation))
            {
                usage.See(row);
            }
        }

        due.Count(await facts.CountExpiringAsync(due.First, due.Last, due.Counts, cancellation));
        reservations.Count(await facts.CountOrphanedAsync(reservations.Except, cancellation));
    }

    // The reservations come first, so that a certificate that is added meanwhile is not missed.
    private async Task ReadAsync(UsageHealth usage, DueHealth due, ReservationHealth reservations, CancellationToken cancellation)
    {
        await foreach (RowId row in ca.Ledger.ListReservedAsync(cancellation))
        {
            reservations.Expect(row);
        }

        await foreach (CertificateRecord row in ca.Ledger.ListAsync(cancellation))
        {
            usage.See(row);
            due.See(row);
            reservations.See(row);
        }
    }

    // One day is enough to notice that the ledger cannot find rows by expiry, as where its index is missing.
    private async Task AskForRemindersAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await ca.Ledger.ListExpiringAsync(today, today, cancellation).AnyAsync(cancellation);
    }
}

/// <summary>Checks whether somebody can speak for the issuing CA although nobody may (contract 12.20): finds certificates with
/// the usage <c>OCSP_SIGNING</c> that were issued before it had to be allowed. Only the certificate itself names its
/// usages.</summary>
/// <param name="isAllowed">Whether the settings allow this usage.</param>
/// <param name="now">The current time, UTC.</param>
internal sealed class UsageHealth(bool isAllowed, DateTimeOffset now)
{
    private const int MaxNamed = 5; // our decision: with more of them, people need the list

    private readonly List<string> named = [];
    private int found;

    // OBJECT IDENTIFIER 1.3.6.1.5.5.7.3.9
    private static ReadOnlySpan<byte> OcspSigningDer => [0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09];

    /// <summary>Says whether the settings allow this usage: then no row counts.</summary>
    public bool IsAllowed => isAllowed;

    /// <summary>Counts a row.</summary>
    public void See(CertificateRecord row)
    {
        if (isAllowed || !IsLive(row) || !MaySign(row))
        {
            return;
        }

        found++;
        if (named.Count < MaxNamed)
        {
            named.Add($"'{row.CommonName}' {row.SerialNumber}");
        }
    }

    /// <summary>Returns the finding about all rows that were counted.</summary>
    public HealthFinding Finding()
    {
        string more = found > named.Count ? string.Create(CultureInfo.InvariantCulture, $" and {found - named.Count} more") : "";
        return isAllowed ? new HealthFinding(HealthLevel.Good, "OCSP signing", "is allowed by allow_ocsp_signing")
            : found == 0 ? new HealthFinding(HealthLevel.Good, "OCSP signing", "no live certificate can answer for the CA who is revoked")
            : new HealthFinding(HealthLevel.Critical, "OCSP signing", string.Create(CultureInfo.InvariantCulture,
                $"{found} live certificates can answer for the CA who is revoked, and allow_ocsp_signing is off: revoke {string.Join(", ", named)}{more}, or allow it"));
    }

    private bool IsLive(CertificateRecord row) => row.Revoked is null && row.Expires >= now && !row.IsCa;

    // A ledger may have very many rows: only certificates that hold these octets are decoded.
    private static bool MaySign(CertificateRecord row) =>
        Pem.TryDecodeOne(row.CertificatePem, Pem.CertificateLabel, out byte[]? der) && der.AsSpan().IndexOf(OcspSigningDer) >= 0
        && Certificate.TryDecode(der, out Certificate? certificate)
        && certificate.ExtendedKeyUsages.Contains(ExtendedKeyUsage.OcspSigning);
}

/// <summary>Counts the certificates that expire soon and whose owners want a reminder.</summary>
/// <param name="reminders">Days before an expiry on which reminders go out.</param>
/// <param name="now">The current time, UTC.</param>
internal sealed class DueHealth(IReadOnlyCollection<int> reminders, DateTimeOffset now)
{
    private readonly int days = reminders.DefaultIfEmpty(0).Max();
    private int due;

    /// <summary>Gets the first day that counts.</summary>
    public DateOnly First { get; } = DateOnly.FromDateTime(now.UtcDateTime);

    /// <summary>Gets the last day that counts.</summary>
    public DateOnly Last => BoundedTime.AddDays(First, Math.Max(days, 0));

    /// <summary>Says whether a life that ends on such a day counts.</summary>
    public bool Counts(DateTimeOffset issued, DateTimeOffset expires) =>
        !WarningTime.IsTooEarly(WarningTime.DaysRemaining(expires, now), issued, expires);

    /// <summary>Counts so many rows.</summary>
    public void Count(int rows) => due += rows;

    /// <summary>Counts a row.</summary>
    public void See(CertificateRecord row)
    {
        if (row.IsToRemind && row.Revoked is null && row.ExpiresWithin(First, Last)
            && !WarningTime.IsTooEarly(row, WarningTime.DaysRemaining(row.Expires, now)))
        {
            due++;
        }
    }

    /// <summary>Returns the finding about all rows that were counted.</summary>
    public HealthFinding Finding() => due == 0
        ? new HealthFinding(HealthLevel.Good, "certificates", "none to remind of expires soon")
        : new HealthFinding(HealthLevel.Warning, "certificates", string.Create(CultureInfo.InvariantCulture, $"{due} to remind of expire within {days} days: 'serverless-ca list --valid --expires-within {Math.Max(days, 1)}d' shows them"));
}

/// <summary>Checks whether every reserved key has its certificate.</summary>
internal sealed class ReservationHealth(CaNames names)
{
    // Reservations whose rows were not seen, by a digest of the row: a million of them are some tens of megabytes.
    private readonly Dictionary<UInt128, int> unseen = [];
    private int counted;

    /// <summary>Gets the names whose reservations do not count, those of the CAs. A revoked CA's key is reserved, so that it is never
    /// certified again; its row goes when the CA is re-created.</summary>
    public IReadOnlyCollection<string> Except { get; } = [names.RootCa, names.IssuingCa];

    /// <summary>Counts so many reservations without a row.</summary>
    public void Count(int orphaned) => counted += orphaned;

    /// <summary>Counts a reservation, unless it is a CA's.</summary>
    public void Expect(RowId row)
    {
        if (!Except.Contains(row.CommonName))
        {
            UInt128 digest = DigestOf(row);
            unseen[digest] = unseen.GetValueOrDefault(digest) + 1;
        }
    }

    /// <summary>Counts a row that is there.</summary>
    public void See(CertificateRecord row)
    {
        if (unseen.Count > 0)
        {
            unseen.Remove(DigestOf(RowId.Of(row)));
        }
    }

    /// <summary>Returns the finding about all reservations that were counted.</summary>
    public HealthFinding Finding() => counted + unseen.Values.Sum() is > 0 and var orphaned
        ? new HealthFinding(HealthLevel.Warning, "reservations", string.Create(
            CultureInfo.InvariantCulture, $"{orphaned} keys are reserved for rows that are gone: rows were deleted by hand; direct requests with these keys stay refused"))
        : new HealthFinding(HealthLevel.Good, "reservations", "every reserved key has its certificate");

    private static UInt128 DigestOf(RowId row) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{row.SerialNumber}/{row.CommonName}")));
}
