using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>What a key was used for before: by its reservation, under any common name, and by the rows of the common name
/// that was asked for, since the original wrote rows without a reservation (contract 12.3). Immutable.</summary>
/// <param name="CommonName">The name that was asked for.</param>
/// <param name="Reservation">Null: nobody reserved it.</param>
/// <param name="Rows">Of this name with this key, the newest first.</param>
/// <param name="Holder">The row that the reservation stands for; null: it is gone, or there is no reservation.</param>
internal sealed record KeyReuse(
    string CommonName, KeyReservation? Reservation, IReadOnlyList<CertificateRecord> Rows, CertificateRecord? Holder)
{
    /// <summary>Under any name.</summary>
    public bool Used => Reservation is not null || Rows.Count > 0;

    /// <summary>Under the common name that was asked for.</summary>
    public bool UsedForName => Reservation?.Holder.CommonName == CommonName || Rows.Count > 0;

    /// <summary>The newest certificate of the name with this key, else that of the reservation; null: its row is gone.</summary>
    public CertificateRecord? Newest => Rows.Count > 0 ? Rows[0] : Holder;

    /// <summary>Some certificate with this key was revoked because the key is no secret any more (contract 12.20). Reservations
    /// of before remember nothing: their rows tell.</summary>
    public bool IsCompromised => Reservation is { Compromised: true } || IsReported(Holder) || Rows.Any(IsReported);

    /// <summary>The reservation, if it stands for a certificate of the common name that was asked for whose row is gone.</summary>
    public KeyReservation? Lost => Holder is null && Reservation?.Holder.CommonName == CommonName ? Reservation : null;

    public static async Task<KeyReuse> FindAsync(
        ICertificateLedger ledger, string commonName, PublicKey key, CancellationToken cancellation)
    {
        Task<KeyReservation?> reserving = ledger.FindKeyAsync(key.Reservation, cancellation);
        Task<IReadOnlyList<CertificateRecord>> naming = ledger.FindByNameAsync(commonName, cancellation);
        await Task.WhenAll(reserving, naming);

        KeyReservation? reservation = await reserving;
        List<CertificateRecord> rows = [.. (await naming).Where(row => IsOf(row, key))];
        CertificateRecord? holder = reservation is null ? null
            : rows.Find(row => row.CommonName == reservation.Holder.CommonName && row.SerialNumber == reservation.Holder.SerialNumber)
                ?? await ledger.FindAsync(reservation.Holder.CommonName, reservation.Holder.SerialNumber, cancellation);
        if (holder?.CommonName == commonName && !rows.Contains(holder))
        {
            // The rows were read before another request was done, the reservation after: nothing is lost.
            rows.Add(holder);
        }

        return new KeyReuse(commonName, reservation, [.. rows.OrderByDescending(row => row.Issued)], holder);
    }

    /// <summary>Whether a certificate was revoked, by its row or, where that was lost and restored, by the reservation.</summary>
    public bool WasRevoked(CertificateRecord row) => row.Revoked is not null
        || (Reservation is { HolderRevoked: true } reservation && reservation.Holder == RowId.Of(row));

    private static bool IsReported(CertificateRecord? row) => row?.Revoked is { } revoked && RevocationReasons.IsCompromise(revoked.Reason);

    // A row that cannot be read has no key to compare: it must not stop new certificates.
    public static KeyHash? KeyOf(CertificateRecord row) => row.PublicKeyHash
        ?? (row.Certificate is { } certificate ? KeyHash.Of(certificate.SubjectPublicKeyInfo.Span) : null);

    // One RSA modulus is one key, whatever the exponent: its rows have to be looked into (contract 12.27).
    private static bool IsOf(CertificateRecord row, PublicKey key) =>
        KeyOf(row) == key.Hash || (key.Reservation.Former is not null && ReservedKey.Of(row)?.Hash == key.Reservation.Hash);
}
