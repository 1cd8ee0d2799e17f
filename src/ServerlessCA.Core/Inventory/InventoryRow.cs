using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Inventory;

/// <summary>A line of the inventory: what a row says without its certificate, which is not kept. Immutable.</summary>
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

    /// <summary>The common name.</summary>
    public string CommonName { get; }

    /// <summary>The serial number.</summary>
    public SerialNumber SerialNumber { get; }

    /// <summary>UTC.</summary>
    public DateTimeOffset Issued { get; }

    /// <summary>UTC, the last second.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>Null: not revoked.</summary>
    public CertificateRevocation? Revoked { get; }

    /// <summary>In one word.</summary>
    public CertificateStatus Status { get; }

    /// <summary>Whether it is over, revoked or not.</summary>
    public bool IsExpired { get; }

    /// <summary>Of a row of the ledger.</summary>
    /// <param name="record">The row.</param>
    /// <param name="now">UTC.</param>
    public static InventoryRow Of(CertificateRecord record, DateTimeOffset now) => new(record, now);

    private static CertificateStatus StatusOf(CertificateRecord record, DateTimeOffset now) =>
        record.Revoked is not null ? CertificateStatus.Revoked
        : now > record.Expires ? CertificateStatus.Expired
        : record.IsCa ? CertificateStatus.Authority
        : CertificateStatus.Valid;
}

/// <summary>What a certificate is good for, in one word; the gravest counts.</summary>
public enum CertificateStatus
{
    /// <summary>That of an end entity, good now.</summary>
    Valid,

    /// <summary>That of a CA, good now.</summary>
    Authority,

    /// <summary>Over, and not revoked.</summary>
    Expired,

    /// <summary>Revoked.</summary>
    Revoked,
}

/// <summary>In which order certificates are shown.</summary>
public static class InventoryOrder
{
    /// <summary>By name, the newest first.</summary>
    public static IComparer<InventoryRow> ByName { get; } = Comparer<InventoryRow>.Create(CompareNames);

    /// <summary>What expires soonest first; at the same second by name.</summary>
    public static IComparer<InventoryRow> ByExpiry { get; } = Comparer<InventoryRow>.Create((a, b) =>
        a.Expires != b.Expires ? a.Expires.CompareTo(b.Expires) : CompareNames(a, b));

    /// <summary>The newest first: by issue, then by expiry, then by serial number.</summary>
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
