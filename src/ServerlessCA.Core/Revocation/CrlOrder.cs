using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>The order of entries on a CRL: by serial number, each once (SPEC section 6, 12.9).</summary>
internal static class CrlOrder
{
    /// <summary>Sorts; of entries with one serial number the earliest stays, with whole seconds.</summary>
    public static IReadOnlyList<CrlEntry> Of(IEnumerable<CrlEntry> entries)
    {
        CrlEntry[] sorted = [.. entries];
        Array.Sort(sorted, Compare);
        int count = 0;
        foreach (CrlEntry entry in sorted)
        {
            if (count == 0 || sorted[count - 1].SerialNumber != entry.SerialNumber)
            {
                sorted[count++] = Exact(entry);
            }
        }

        return new ArraySegment<CrlEntry>(sorted, 0, count);
    }

    private static int Compare(CrlEntry one, CrlEntry other)
    {
        int bySerial = one.SerialNumber.CompareTo(other.SerialNumber);
        int byDate = bySerial != 0 ? bySerial : one.RevokedAt.CompareTo(other.RevokedAt);
        return byDate != 0 ? byDate : one.Reason.CompareTo(other.Reason);
    }

    private static CrlEntry Exact(CrlEntry entry)
    {
        DateTimeOffset at = TableTime.WholeSeconds(entry.RevokedAt);
        return at == entry.RevokedAt ? entry : entry with { RevokedAt = at };
    }
}
