using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Inventory;

/// <summary>Decides when a certificate counts as renewed: a newer one of the same subject outlives it and is not
/// revoked.</summary>
internal static class Renewal
{
    public static bool IsRenewed(CertificateRecord row, IReadOnlyList<CertificateRecord> sameName)
    {
        ReadOnlyMemory<byte>? subject = SubjectOf(row);
        return sameName.Any(other => Outlives(other, row) && AreSame(SubjectOf(other), subject));
    }

    /// <summary>Says whether a certificate is good for longer than one that was issued before it, if they have one
    /// subject.</summary>
    public static bool Outlives(CertificateRecord later, CertificateRecord row) =>
        later.Issued > row.Issued && later.Expires > row.Expires && later.Revoked is null;

    /// <summary>Says whether two subjects are the same; a subject that cannot be read equals none.</summary>
    public static bool AreSame(ReadOnlyMemory<byte>? one, ReadOnlyMemory<byte>? other) =>
        one is { } first && other is { } second && first.Span.SequenceEqual(second.Span);

    /// <summary>Returns the subject of a row's certificate, DER; null when it cannot be read.</summary>
    public static ReadOnlyMemory<byte>? SubjectOf(CertificateRecord row) => row.Certificate?.SubjectDer;
}

/// <summary>Says which certificate replaced which among those of one common name. Immutable.</summary>
/// <param name="Row">The row of a certificate.</param>
/// <param name="ReplacedBy">The certificate that was issued next for the same subject; null: none was.</param>
/// <param name="IsRenewed">Whether one that is not revoked outlives it: then nobody is reminded of its end any more.</param>
public sealed record RenewalHistory(CertificateRecord Row, CertificateRecord? ReplacedBy, bool IsRenewed)
{
    /// <summary>Returns an entry for each certificate, the newest first.</summary>
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
