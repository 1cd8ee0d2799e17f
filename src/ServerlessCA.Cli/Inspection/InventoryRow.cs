using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Inspection;

/// <summary>A line of the inventory. By name, the newest first. Immutable.</summary>
internal sealed record InventoryRow
{
    private InventoryRow(CertificateRecord record, DateTimeOffset now)
    {
        CommonName = record.CommonName;
        SerialNumber = record.SerialNumber;
        Issued = record.Issued;
        Expires = record.Expires;
        Revoked = record.Revoked;
        IsExpired = now > record.Expires;
        IsCa = record.IsCa;
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

    /// <summary>Whether it is over.</summary>
    public bool IsExpired { get; }

    /// <summary>Whether it is that of a CA.</summary>
    public bool IsCa { get; }

    /// <summary>In one word.</summary>
    public Cell Status => Revoked is not null ? new("revoked", Tone.Bad)
        : IsExpired ? new("expired", Tone.Warning)
        : IsCa ? new("CA", Tone.Good)
        : new("valid", Tone.Good);

    /// <summary>Of a row of the ledger; the certificate itself is not kept.</summary>
    public static InventoryRow Of(CertificateRecord record, DateTimeOffset now) => new(record, now);

    /// <summary>By name, the newest first.</summary>
    public static int Compare(InventoryRow a, InventoryRow b)
    {
        int byName = string.CompareOrdinal(a.CommonName, b.CommonName);
        int byStart = byName != 0 ? byName : b.Issued.CompareTo(a.Issued);
        int byEnd = byStart != 0 ? byStart : b.Expires.CompareTo(a.Expires);
        return byEnd != 0 ? byEnd : a.SerialNumber.CompareTo(b.SerialNumber);
    }
}
