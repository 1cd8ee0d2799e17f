using System.Diagnostics.CodeAnalysis;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Migration;

/// <summary>Computes what rows of the original lack from their certificates.</summary>
public static class RowBackfill
{
    /// <summary>Returns the row with the hash of its key and the id of the key that signed it. CA rows have neither, and stay as
    /// they are.</summary>
    /// <param name="row">As it is stored.</param>
    /// <param name="filled">The row with what it lacked.</param>
    /// <param name="why">Why this cannot be computed, when it cannot.</param>
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
                IssuerKeyId = CertificateAuthority.SignerOf(row),
            };
        }

        return filled is not null;
    }

    /// <summary>Returns what the reservation of a row's key should be, so that it agrees with the row.</summary>
    /// <param name="row">As it is stored, or backfilled.</param>
    /// <param name="before">The reservation that exists, or null.</param>
    /// <param name="holder">The row that <paramref name="before"/> names; null when that is gone.</param>
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

    // Of two rows with one key the newer one holds it, as after force_issue. Refusals do not depend on this: any holder
    // refuses the key, and "Certificate already issued" looks at the rows of the name besides. That a revoked row is gone
    // must not be forgotten, though (contract 12.23).
    private static bool TakesOver(CertificateRecord row, KeyReservation before, CertificateRecord? holder) => holder is null
        ? !before.HolderRevoked
        : (row.Issued, row.SerialNumber).CompareTo((holder.Issued, holder.SerialNumber)) > 0;
}
