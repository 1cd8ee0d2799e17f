using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Inventory;

/// <summary>What replaced what among the certificates of one common name. Immutable.</summary>
/// <param name="Row">A certificate.</param>
/// <param name="ReplacedBy">The certificate that was issued next for the same subject; null: none was.</param>
/// <param name="IsRenewed">Whether one that is not revoked outlives it: nobody is reminded of its end any more.</param>
public sealed record RenewalHistory(CertificateRecord Row, CertificateRecord? ReplacedBy, bool IsRenewed)
{
    /// <summary>Of each certificate, the newest first.</summary>
    /// <param name="sameName">All rows of one common name.</param>
    public static IReadOnlyList<RenewalHistory> Of(IEnumerable<CertificateRecord> sameName)
    {
        (CertificateRecord Row, ReadOnlyMemory<byte>? Subject)[] all =
            [.. InventoryOrder.NewestFirst(sameName).Select(row => (row, Renewal.SubjectOf(row)))];
        return [.. all.Select(one =>
        {
            CertificateRecord[] later = [.. all
                .Where(other => other.Row.Issued > one.Row.Issued && Renewal.AreSame(other.Subject, one.Subject)).Select(other => other.Row)];
            return new RenewalHistory(one.Row, later.LastOrDefault(), later.Any(other => Renewal.Outlives(other, one.Row)));
        })];
    }
}
