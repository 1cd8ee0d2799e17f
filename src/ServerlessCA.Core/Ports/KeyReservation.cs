using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Ports;

/// <summary>That a key was used, and what became of it; it outlives the rows (contract 12.20, 12.23). Immutable.</summary>
/// <param name="Holder">The row that the reservation stands for: the last one that took the key. The row may be gone.</param>
/// <param name="HolderRevoked">Whether the certificate of <paramref name="Holder"/> was ever revoked.</param>
/// <param name="Compromised">Whether any certificate with this key was ever revoked for <c>keyCompromise</c> or
/// <c>cACompromise</c>. Stays for good.</param>
public sealed record KeyReservation(RowId Holder, bool HolderRevoked, bool Compromised)
{
    /// <summary>That of a row which has just taken the key: nothing is known of it but who holds it.</summary>
    public static KeyReservation HeldBy(RowId row) => new(row, HolderRevoked: false, Compromised: false);

    /// <summary>What it is once a row with this key is revoked, whether or not that row is the holder.</summary>
    /// <param name="before">What it was; null when there is none, as for rows of the original: the row becomes the holder.</param>
    /// <param name="row">The revoked row.</param>
    /// <param name="reason">Why.</param>
    public static KeyReservation Remembering(KeyReservation? before, RowId row, RevocationReason reason)
    {
        KeyReservation known = before ?? HeldBy(row);
        return known with
        {
            HolderRevoked = known.HolderRevoked || known.Holder == row,
            Compromised = known.Compromised || RevocationReasons.IsCompromise(reason),
        };
    }
}
