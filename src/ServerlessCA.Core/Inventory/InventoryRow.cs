using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Inventory;

/// <summary>Is a line of the inventory: what a row says without its certificate, which is not held in memory.
/// Immutable.</summary>
public sealed record InventoryRow
{
    private const string Unknown = "unknown"; // a source that nobody has noted

    private InventoryRow(CertificateLine line, CertificateStatus status, bool isExpired, int daysLeft)
    {
        CommonName = line.CommonName;
        SerialNumber = line.SerialNumber;
        Issued = line.Issued;
        Expires = line.Expires;
        Revoked = line.Revoked;
        IsCa = line.IsCa;
        Source = line.Source;
        Status = status;
        IsExpired = isExpired;
        DaysLeft = daysLeft;
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

    /// <summary>Says whether the certificate is that of a CA.</summary>
    public bool IsCa { get; }

    /// <summary>Gets how the certificate was requested; null for CAs and where nobody has noted it.</summary>
    public IssueSource? Source { get; }

    /// <summary>Gets the days left, by date, UTC, as reminders count them; negative once it has expired.</summary>
    public int DaysLeft { get; }

    /// <summary>Gets the name of its source: <c>unknown</c> where nobody has noted it, empty for a CA, which is not
    /// requested.</summary>
    public string SourceText => Source is { } source ? IssueSources.Name(source) : IsCa ? "" : Unknown;

    /// <summary>Makes the line of a row of the ledger.</summary>
    /// <param name="record">The ledger's row.</param>
    /// <param name="now">The current time, UTC.</param>
    public static InventoryRow Of(CertificateRecord record, DateTimeOffset now) => Of(CertificateLine.Of(record), now);

    /// <summary>Makes the line of a row that was read without its certificate.</summary>
    /// <param name="line">What the ledger returned.</param>
    /// <param name="now">The current time, UTC.</param>
    public static InventoryRow Of(CertificateLine line, DateTimeOffset now) =>
        new(line, StatusOf(line, now), now > line.Expires, WarningTime.DaysRemaining(line.Expires, now));

    /// <summary>Makes the line that another program of ours has made, by its own clock. A revoked certificate counts as expired
    /// from the day after.</summary>
    internal static InventoryRow OfAnswer(CertificateLine line, CertificateStatus status, int daysLeft) =>
        new(line, status, status == CertificateStatus.Expired || (status == CertificateStatus.Revoked && daysLeft < 0), daysLeft);

    private static CertificateStatus StatusOf(CertificateLine line, DateTimeOffset now) =>
        line.Revoked is not null ? CertificateStatus.Revoked
        : now > line.Expires ? CertificateStatus.Expired
        : line.IsCa ? CertificateStatus.Authority
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

/// <summary>Maps the statuses to their names in reports, and back.</summary>
public static class CertificateStatuses
{
    private static readonly string[] Names = ["valid", "CA", "expired", "revoked"];

    /// <summary>Returns the name, such as <c>valid</c>.</summary>
    public static string Name(CertificateStatus status) => Names[(int)status];

    /// <summary>Finds the status of a name; null when it is unknown.</summary>
    public static CertificateStatus? OfName(string name) => Array.IndexOf(Names, name) is >= 0 and var place ? (CertificateStatus)place : null;
}

/// <summary>Orders certificates for the inventory.</summary>
public static class InventoryOrder
{
    /// <summary>Orders by name, the newest first.</summary>
    public static IComparer<InventoryRow> ByName { get; } = Comparer<InventoryRow>.Create(CompareNames);

    /// <summary>Orders by expiry, the soonest first; at the same second by name.</summary>
    public static IComparer<InventoryRow> ByExpiry { get; } = Comparer<InventoryRow>.Create((a, b) =>
        a.Expires != b.Expires ? a.Expires.CompareTo(b.Expires) : CompareNames(a, b));

    /// <summary>Orders by issue, the newest first; at the same second by name.</summary>
    public static IComparer<InventoryRow> ByIssue { get; } = Comparer<InventoryRow>.Create((a, b) =>
        a.Issued != b.Issued ? b.Issued.CompareTo(a.Issued) : CompareNames(a, b));

    /// <summary>Orders by revocation, the newest first, then by name; those that are not revoked come last.</summary>
    public static IComparer<InventoryRow> ByRevocation { get; } = Comparer<InventoryRow>.Create((a, b) =>
        Nullable.Compare(b.Revoked?.At, a.Revoked?.At) is not 0 and var byTime ? byTime : CompareNames(a, b));

    /// <summary>Returns the comparer of an order.</summary>
    public static IComparer<InventoryRow> Of(InventorySort sort) => sort switch
    {
        InventorySort.Expiry => ByExpiry,
        InventorySort.Issued => ByIssue,
        InventorySort.Revoked => ByRevocation,
        _ => ByName,
    };

    /// <summary>Sorts records, the newest first: by issue, then by expiry, then by serial number.</summary>
    public static IReadOnlyList<CertificateRecord> NewestFirst(IEnumerable<CertificateRecord> records) =>
        [.. records.OrderByDescending(record => record.Issued).ThenByDescending(record => record.Expires).ThenBy(record => record.SerialNumber)];

    private static int CompareNames(InventoryRow a, InventoryRow b)
    {
        int byName = SearchText.Compare(a.CommonName, b.CommonName);
        int byStart = byName != 0 ? byName : b.Issued.CompareTo(a.Issued);
        int byEnd = byStart != 0 ? byStart : b.Expires.CompareTo(a.Expires);
        return byEnd != 0 ? byEnd : a.SerialNumber.CompareTo(b.SerialNumber);
    }
}
