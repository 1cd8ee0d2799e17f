using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Inventory;

/// <summary>When a certificate counts as renewed: a younger one of the same subject outlives it and is not revoked.</summary>
internal static class Renewal
{
    public static bool IsRenewed(CertificateRecord row, IReadOnlyList<CertificateRecord> sameName)
    {
        ReadOnlyMemory<byte>? subject = SubjectOf(row);
        return sameName.Any(other => Outlives(other, row) && AreSame(SubjectOf(other), subject));
    }

    /// <summary>Whether a certificate is good for longer than one that was issued before it, if they have one subject.</summary>
    public static bool Outlives(CertificateRecord later, CertificateRecord row) =>
        later.Issued > row.Issued && later.Expires > row.Expires && later.Revoked is null;

    /// <summary>Whether two subjects are one; what cannot be read is nobody's.</summary>
    public static bool AreSame(ReadOnlyMemory<byte>? one, ReadOnlyMemory<byte>? other) =>
        one is { } first && other is { } second && first.Span.SequenceEqual(second.Span);

    /// <summary>DER subject of a row's certificate; null when it cannot be read.</summary>
    public static ReadOnlyMemory<byte>? SubjectOf(CertificateRecord row) => row.Certificate?.SubjectDer;
}
