using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Issuance;

/// <summary>All rows of a CA's name: one for each time that the CA was made. Immutable.</summary>
/// <param name="Newest">The CA that issues.</param>
/// <param name="All">Every row whose certificate can be read, the newest first.</param>
/// <param name="AreAllRead">Whether that is every row: if not, nobody knows whose keys the others have.</param>
internal sealed record CaGenerations(CertificateAuthority Newest, IReadOnlyList<CertificateAuthority> All, bool AreAllRead)
{
    /// <summary>Finds them; null when the name has no row of a CA.</summary>
    /// <exception cref="LedgerUnavailableException">The newest row's certificate cannot be read.</exception>
    public static async Task<CaGenerations?> FindAsync(ICertificateLedger ledger, string name, CancellationToken cancellation)
    {
        CertificateRecord[] rows =
        [
            .. (await ledger.FindByNameAsync(name, cancellation)).Where(row => row.IsCa).OrderByDescending(row => row.Issued),
        ];
        if (rows.Length == 0)
        {
            return null;
        }

        CertificateAuthority newest = Read(name, rows[0]) ?? throw new LedgerUnavailableException(
            $"the certificate in the row of {name}, serial number {rows[0].SerialNumber}, cannot be read: restore the row from a backup");
        CertificateAuthority[] all = [newest, .. rows.Skip(1).Select(row => Read(name, row)).OfType<CertificateAuthority>()];
        return new CaGenerations(newest, all, all.Length == rows.Length);
    }

    private static CertificateAuthority? Read(string name, CertificateRecord row) =>
        row.Certificate is { PublicKey: not null } certificate ? new CertificateAuthority(name, row, certificate) : null;
}
