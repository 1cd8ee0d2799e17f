using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Inventory;

/// <summary>Is a line of the inventory: what a row says without its certificate, which is not held in memory.
/// Immutable.</summary>
public sealed record InventoryRow
{
    private InventoryRow(CertificateRecord record, DateTimeOffset now)
    {
        CommonName = record.CommonName;
        SerialNumber = record.SerialNumber;
        Issued = record.Issued;
        Expires = record.Expires;
        Revoked = record.Revoked;
        Status = StatusOf(record, now);
        IsExpired = now > record.Expires;
    }

    /// <summary>Gets the common name.</summary>
    public string CommonName { get; }

    /// <summary>Gets the serial number.</summary>
    public SerialNumber SerialNumber { get; }

    /// <summary>Gets the start of validity, UTC.</summary>
    public DateTimeOffset Issued { get; }

    /// <summary>Gets the end of validity, UTC, the last second.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>Gets the revocation; null: not revoked.</summary>
    public CertificateRevocation? Revoked { get; }

    /// <summary>Gets the status, the gravest one that applies.</summary>
    public CertificateStatus Status { get; }

    /// <summary>Says whether the certificate has expired, revoked or not.</summary>
    public bool IsExpired { get; }

    /// <summary>Makes the line of a row of the ledger.</summary>
    /// <param name="record">The ledger's row.</param>
    /// <param name="now">The current time, UTC.</param>
    public static InventoryRow Of(CertificateRecord record, DateTimeOffset now) => new(record, now);

    private static CertificateStatus StatusOf(CertificateRecord record, DateTimeOffset now) =>
        record.Revoked is not null ? CertificateStatus.Revoked
        : now > record.Expires ? CertificateStatus.Expired
        : record.IsCa ? CertificateStatus.Authority
        : CertificateStatus.Valid;
}

/// <summary>Says what a certificate is good for; the gravest status counts.</summary>
public enum CertificateStatus
{
    /// <summary>It is a valid certificate of an end entity.</summary>
    Valid,

    /// <summary>It is a valid certificate of a CA.</summary>
    Authority,

    /// <summary>It has expired, and is not revoked.</summary>
    Expired,

    /// <summary>It is revoked.</summary>
    Revoked,
}

/// <summary>Orders certificates for the inventory.</summary>
public static class InventoryOrder
{
    /// <summary>Orders by name, the newest first.</summary>
    public static IComparer<InventoryRow> ByName { get; } = Comparer<InventoryRow>.Create(CompareNames);

    /// <summary>Orders by expiry, the soonest first; at the same second by name.</summary>
    public static IComparer<InventoryRow> ByExpiry { get; } = Comparer<InventoryRow>.Create((a, b) =>
        a.Expires != b.Expires ? a.Expires.CompareTo(b.Expires) : CompareNames(a, b));

    /// <summary>Sorts records, the newest first: by issue, then by expiry, then by serial number.</summary>
    public static IReadOnlyList<CertificateRecord> NewestFirst(IEnumerable<CertificateRecord> records) =>
        [.. records.OrderByDescending(record => record.Issued).ThenByDescending(record => record.Expires).ThenBy(record => record.SerialNumber)];

    private static int CompareNames(InventoryRow a, InventoryRow b)
    {
        int byName = string.CompareOrdinal(a.CommonName, b.CommonName);
        int byStart = byName != 0 ? byName : b.Issued.CompareTo(a.Issued);
        int byEnd = byStart != 0 ? byStart : b.Expires.CompareTo(a.Expires);
        return byEnd != 0 ? byEnd : a.SerialNumber.CompareTo(b.SerialNumber);
    }
}
