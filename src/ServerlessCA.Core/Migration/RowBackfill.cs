using System.Diagnostics.CodeAnalysis;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Migration;

/// <summary>What rows of the original system lack, and how it follows from their certificates.</summary>
public static class RowBackfill
{
    /// <summary>The row with its key and the key that signed it. CA rows have neither, and stay as they are.</summary>
    /// <param name="row">As it is stored.</param>
    /// <param name="filled">The row with what it lacked.</param>
    /// <param name="why">Why it cannot be told, when it cannot.</param>
    public static bool TryFill(
        CertificateRecord row, [NotNullWhen(true)] out CertificateRecord? filled, [NotNullWhen(false)] out string? why)
    {
        filled = null;
        why = null;
        if (row.IsCa)
        {
            filled = row;
        }
        else if (!Certificate.TryDecodePem(row.CertificatePem, out Certificate? certificate))
        {
            why = "its certificate cannot be read";
        }
        else if (certificate.SerialNumber != row.SerialNumber)
        {
            why = $"its certificate has the serial number {certificate.SerialNumber}";
        }
        else
        {
            filled = row with
            {
                PublicKeyHash = row.PublicKeyHash ?? KeyHash.Of(certificate.SubjectPublicKeyInfo.Span),
                IssuerKeyId = row.IssuerKeyId
                    ?? (certificate.AuthorityKeyIdentifier is { } id ? Convert.ToHexStringLower(id.Span) : null),
            };
        }

        return filled is not null;
    }

    /// <summary>Whether a row, not its present holder, is to hold the reservation of the key that both have: the younger
    /// one, as after <c>force_issue</c>. What is refused does not depend on it: any holder refuses the key, and
    /// <c>Certificate already issued</c> looks at the rows of the name besides.</summary>
    public static bool TakesOver(CertificateRecord row, CertificateRecord holder) =>
        (row.Issued, row.SerialNumber).CompareTo((holder.Issued, holder.SerialNumber)) > 0;
}
