using ServerlessCA.Core.Certificates;
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
        ICertificateLedger ledger, string commonName, KeyHash key, CancellationToken cancellation)
    {
        Task<RowId?> reservation = ledger.FindKeyAsync(key, cancellation);
        Task<IReadOnlyList<CertificateRecord>> rows = ledger.FindByNameAsync(commonName, cancellation);
        await Task.WhenAll(reservation, rows);

        RowId? reservedFor = await reservation;
        bool forName = reservedFor?.CommonName == commonName || (await rows).Any(row => KeyOf(row) == key);
        return new KeyReuse(forName || reservedFor is not null, forName);
    }

    // A row that cannot be read has no key to compare: it must not stop new certificates.
    public static KeyHash? KeyOf(CertificateRecord row) => row.PublicKeyHash
        ?? (Certificate.TryDecodePem(row.CertificatePem, out Certificate? certificate) ? KeyHash.Of(certificate.SubjectPublicKeyInfo.Span) : null);
}
