using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>What a key was used for before: by its reservation, under any common name, and by the rows of the common name
/// that was asked for, since the original wrote rows without a reservation (SPEC 12.3). Immutable.</summary>
/// <param name="CommonName">The name that was asked for.</param>
/// <param name="Reservation">Null: nobody reserved it.</param>
/// <param name="Rows">Of this name with this key, the newest first.</param>
internal sealed record KeyReuse(string CommonName, KeyReservation? Reservation, IReadOnlyList<CertificateRecord> Rows)
{
    /// <summary>Under any name.</summary>
    public bool Used => Reservation is not null || Rows.Count > 0;

    /// <summary>Under the common name that was asked for.</summary>
    public bool UsedForName => Reservation?.Holder.CommonName == CommonName || Rows.Count > 0;

    /// <summary>Some certificate with this key was revoked because the key is no secret any more (SPEC 12.20).</summary>
    public bool IsCompromised =>
        Reservation is { Compromised: true } || Rows.Any(row => row.Revoked is { } revoked && RevocationReasons.IsCompromise(revoked.Reason));

    public static async Task<KeyReuse> FindAsync(
        ICertificateLedger ledger, string commonName, PublicKey key, CancellationToken cancellation)
    {
        Task<KeyReservation?> reserving = ledger.FindKeyAsync(key.Reservation, cancellation);
        Task<IReadOnlyList<CertificateRecord>> naming = ledger.FindByNameAsync(commonName, cancellation);
        await Task.WhenAll(reserving, naming);

        KeyReservation? reservation = await reserving;
        List<CertificateRecord> rows = [.. (await naming).Where(row => IsOf(row, key))];
        if (reservation?.Holder is { } holder && holder.CommonName == commonName && !rows.Exists(row => row.SerialNumber == holder.SerialNumber)
            && await ledger.FindAsync(holder.CommonName, holder.SerialNumber, cancellation) is { } issuedMeanwhile)
        {
            // The rows were read before another request was done, the reservation after: nothing is lost.
            rows.Add(issuedMeanwhile);
        }

        return new KeyReuse(commonName, reservation, [.. rows.OrderByDescending(row => row.Issued)]);
    }

    /// <summary>Whether a certificate was revoked, by its row or, where that was lost and restored, by the reservation.</summary>
    public bool WasRevoked(CertificateRecord row) => row.Revoked is not null
        || (Reservation is { HolderRevoked: true } reservation && reservation.Holder == new RowId(row.CommonName, row.SerialNumber));

    // A row that cannot be read has no key to compare: it must not stop new certificates.
    public static KeyHash? KeyOf(CertificateRecord row) => row.PublicKeyHash
        ?? (Certificate.TryDecodePem(row.CertificatePem, out Certificate? certificate) ? KeyHash.Of(certificate.SubjectPublicKeyInfo.Span) : null);

    // One RSA modulus is one key, whatever the exponent: its rows have to be looked into (SPEC 12.27).
    private static bool IsOf(CertificateRecord row, PublicKey key) =>
        KeyOf(row) == key.Hash || (key.Reservation.Former is not null && ReservedKey.Of(row)?.Hash == key.Reservation.Hash);
}
