using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Inventory;

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
