using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Issuance;

/// <summary>Whether a key was used for a certificate before: by its reservation, under any common name, and by the
/// rows of its own common name, for those that the original wrote without a reservation (SPEC 12.3).</summary>
/// <param name="Used">Under any name.</param>
/// <param name="UsedForName">Under the common name that was asked for.</param>
internal readonly record struct KeyReuse(bool Used, bool UsedForName)
{
    public static async Task<KeyReuse> FindAsync(
        ICertificateLedger ledger, string commonName, PublicKey key, CancellationToken cancellation)
    {
        Task<KeyReservation?> reservation = ledger.FindKeyAsync(key.Reservation, cancellation);
        Task<IReadOnlyList<CertificateRecord>> rows = ledger.FindByNameAsync(commonName, cancellation);
        await Task.WhenAll(reservation, rows);

        RowId? reservedFor = (await reservation)?.Holder;
        bool forName = reservedFor?.CommonName == commonName || (await rows).Any(row => IsOf(row, key));
        return new KeyReuse(forName || reservedFor is not null, forName);
    }

    // A row that cannot be read has no key to compare: it must not stop new certificates.
    public static KeyHash? KeyOf(CertificateRecord row) => row.PublicKeyHash
        ?? (Certificate.TryDecodePem(row.CertificatePem, out Certificate? certificate) ? KeyHash.Of(certificate.SubjectPublicKeyInfo.Span) : null);

    // One RSA modulus is one key, whatever the exponent: its rows have to be looked into (SPEC 12.27).
    private static bool IsOf(CertificateRecord row, PublicKey key) =>
        KeyOf(row) == key.Hash || (key.Reservation.Former is not null && ReservedKey.Of(row)?.Hash == key.Reservation.Hash);
}
