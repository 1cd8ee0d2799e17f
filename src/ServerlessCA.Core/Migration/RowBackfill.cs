using System.Diagnostics.CodeAnalysis;
using ServerlessCA.Core.Ports;
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
        else if (row.Certificate is not { } certificate)
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

    /// <summary>What the reservation of a row's key should be, so that it holds what the row tells.</summary>
    /// <param name="row">The row.</param>
    /// <param name="before">The reservation there is, or null.</param>
    /// <param name="holder">The row that it stands for; null when that is gone.</param>
    /// <returns>Null for a CA, which has no reservation, unless it is revoked.</returns>
    public static KeyReservation? Reservation(CertificateRecord row, KeyReservation? before, CertificateRecord? holder)
    {
        var id = RowId.Of(row);
        KeyReservation? known = row.IsCa ? before
            : before is null ? KeyReservation.HeldBy(id)
            : TakesOver(row, before, holder) ? before with { Holder = id, HolderRevoked = false }
            : before;
        return row.Revoked is { } revoked ? KeyReservation.Remembering(known, id, revoked.Reason) : known;
    }

    // The younger row holds the key that both have, as after force_issue. What is refused does not depend on it: any holder
    // refuses the key, and "Certificate already issued" looks at the rows of the name besides. That a revoked row is gone
    // must not be forgotten, though (contract 12.23).
    private static bool TakesOver(CertificateRecord row, KeyReservation before, CertificateRecord? holder) => holder is null
        ? !before.HolderRevoked
        : (row.Issued, row.SerialNumber).CompareTo((holder.Issued, holder.SerialNumber)) > 0;
}
