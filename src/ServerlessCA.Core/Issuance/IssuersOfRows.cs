using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>Says of certificates that another key signed whether anybody has to revoke them still (SPEC 12.22). The CA rows
/// are read once, when they are needed.</summary>
internal sealed class IssuersOfRows(Deployment ca)
{
    private IReadOnlyList<CertificateAuthority>? cas;

    /// <summary>Why an entry of a list cannot be carried out; null when the CA that issued its certificate is revoked or
    /// expired itself, which ends the certificate as well.</summary>
    /// <param name="authority">Whose list.</param>
    /// <param name="row">A certificate that it did not sign.</param>
    /// <param name="now">UTC.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<string?> WhyNotAsync(
        CertificateAuthority authority, CertificateRecord row, DateTimeOffset now, CancellationToken cancellation)
    {
        if (CertificateAuthority.SignerOf(row) is not { } keyId)
        {
            return "nobody can tell who issued it, as its row's certificate cannot be read: restore the row from a backup";
        }

        cas ??= await ReadAsync(cancellation);
        CertificateAuthority[] issuers = [.. cas.Where(found => found.KeyId == keyId)];
        if (issuers.Length == 0)
        {
            return $"it was not issued by {authority.Name} but by a key that belongs to no CA here any more: no CRL can name it; "
                + "if that CA was revoked, take the entry out";
        }

        string right = RevocationEntries.FileKeyFor(ca.Settings.Names, row.CommonName);
        return issuers.All(issuer => issuer.Record.Revoked is not null || issuer.Certificate.NotAfter <= now)
            ? null
            : $"it was not issued by {authority.Name} but by {issuers[0].Name}{(issuers[0].Name == authority.Name
                ? " with an earlier key, which is neither revoked nor expired" : $": it belongs in {right}")}";
    }

    private async Task<IReadOnlyList<CertificateAuthority>> ReadAsync(CancellationToken cancellation)
    {
        var found = new List<CertificateAuthority>();
        foreach (string name in (string[])[ca.Settings.Names.RootCa, ca.Settings.Names.IssuingCa])
        {
            found.AddRange((await CaGenerations.FindAsync(ca.Ledger, name, cancellation))?.All ?? []);
        }

        return found;
    }
}
