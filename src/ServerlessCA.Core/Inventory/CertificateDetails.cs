using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Renewals;

namespace ServerlessCA.Core.Inventory;

/// <summary>Holds everything about one certificate: its row, and what it says itself. Immutable.</summary>
public sealed record CertificateDetails
{
    internal CertificateDetails(CertificateRecord record, Certificate certificate, DateTimeOffset now)
    {
        Record = record;
        Facts = CertificateFacts.Of(certificate);
        Row = InventoryRow.Of(record, now);
    }

    /// <summary>Gets the row of the ledger.</summary>
    public CertificateRecord Record { get; }

    /// <summary>Gets what the certificate says.</summary>
    public CertificateFacts Facts { get; }

    /// <summary>Gets its line in the inventory.</summary>
    public InventoryRow Row { get; }

    /// <summary>Gets the certificates of the CAs above it, PEM, from the one that signed it up to the root; empty for a root. Null:
    /// nobody has looked for them.</summary>
    public IReadOnlyList<string>? Chain { get; init; }

    /// <summary>Gets when it is to be renewed by its dates, UTC; null: not computed.</summary>
    public DateTimeOffset? RenewalDue { get; init; }

    /// <summary>Adds the CAs above it, and when it is to be renewed.</summary>
    /// <param name="chain">The certificates of the CAs, PEM, from the one that signed it up to the root.</param>
    public CertificateDetails InFull(IReadOnlyList<string> chain) => this with
    {
        Chain = chain,
        RenewalDue = Record.IsCa ? null : RenewalSchedule.DueAt(Record.Certificate!, atLatestAfter: null),
    };

    /// <summary>Collects the details of a row; null when its certificate cannot be read.</summary>
    /// <param name="record">The ledger's row.</param>
    /// <param name="now">The current time, UTC.</param>
    public static CertificateDetails? Of(CertificateRecord record, DateTimeOffset now) =>
        record.Certificate is { } certificate ? new CertificateDetails(record, certificate, now) : null;
}
