using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Expiry;

/// <summary>When a certificate counts as renewed: a younger one of the same subject outlives it and is not revoked.</summary>
internal static class Renewal
{
    public static bool IsRenewed(CertificateRecord row, IReadOnlyList<CertificateRecord> sameName)
    {
        ReadOnlyMemory<byte>? subject = SubjectOf(row);
        return subject is { } own && sameName.Any(other =>
            other.Issued > row.Issued && other.Expires > row.Expires && other.Revoked is null
            && SubjectOf(other) is { } others && others.Span.SequenceEqual(own.Span));
    }

    /// <summary>DER subject of a row's certificate; null when it cannot be read.</summary>
    public static ReadOnlyMemory<byte>? SubjectOf(CertificateRecord row) => row.Certificate?.SubjectDer;
}
