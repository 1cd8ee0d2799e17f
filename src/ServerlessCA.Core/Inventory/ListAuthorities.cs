using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Inventory;

/// <summary>Lists the CAs of a deployment, present and former ones, with their published CRLs. Changes nothing.</summary>
/// <param name="ca">The deployment.</param>
public sealed class ListAuthorities(Deployment ca)
{
    /// <summary>Lists roots, then issuing CAs, each the newest first; none where there is no CA yet.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger, or the newest certificate of a CA, cannot be read.</exception>
    /// <exception cref="FilesUnavailableException">The published files cannot be read.</exception>
    public async Task<IReadOnlyList<AuthorityDetails>> RunAsync(CancellationToken cancellation)
    {
        CaNames names = ca.Settings.Names;
        IReadOnlyList<CertificateAuthority> roots = await FindAsync(names.RootCa, cancellation);
        IReadOnlyList<CertificateAuthority> issuers = await FindAsync(names.IssuingCa, cancellation);
        return
        [
            .. await DetailsAsync(roots, AuthorityRole.Root, roots, cancellation),
            .. await DetailsAsync(issuers, AuthorityRole.Issuing, roots, cancellation),
        ];
    }

    private async Task<IReadOnlyList<CertificateAuthority>> FindAsync(string name, CancellationToken cancellation) =>
        await CaGenerations.FindAsync(ca.Ledger, name, cancellation) is { } found ? found.All : [];

    private async Task<IEnumerable<AuthorityDetails>> DetailsAsync(
        IReadOnlyList<CertificateAuthority> generations, AuthorityRole role, IReadOnlyList<CertificateAuthority> signers, CancellationToken cancellation)
    {
        if (generations.Count == 0)
        {
            return [];
        }

        DateTimeOffset now = ca.Clock.GetUtcNow();
        CertificateRevocationList? crl = await CrlAsync(generations[0].Name, cancellation);
        CertificateAuthority? crlSigner = generations.FirstOrDefault(authority => crl?.IsSignedBy(authority.Certificate.PublicKey!) == true);
        return generations.Select((authority, place) => new AuthorityDetails(role, new CertificateDetails(authority.Record, authority.Certificate, now))
        {
            PathLength = authority.Certificate.PathLength,
            IsCurrent = place == 0,
            IssuedBy = role == AuthorityRole.Root ? null
                : signers.FirstOrDefault(signer => authority.Certificate.IsSignedBy(signer.Certificate.PublicKey!))?.Name,
            Crl = authority == crlSigner ? AuthorityCrl.Of(authority.Name, crl!, now) : null,
        });
    }

    // A file that is no CRL is reported by the health checks; here it counts as none.
    private async Task<CertificateRevocationList?> CrlAsync(string name, CancellationToken cancellation) =>
        await ca.PublishedFiles.ReadAsync(CaNames.CrlFile(name), cancellation) is { } file
        && CertificateRevocationList.TryDecode(file.Content, out CertificateRevocationList? crl) && crl.Number is not null ? crl : null;
}

/// <summary>Names the places of a CA in the hierarchy.</summary>
public enum AuthorityRole
{
    /// <summary>It signs issuing CAs, and nobody signs it.</summary>
    Root,

    /// <summary>It signs certificates of end entities.</summary>
    Issuing,
}

/// <summary>Holds what a deployment says of one CA certificate. Immutable.</summary>
/// <param name="Role">Its place in the hierarchy.</param>
/// <param name="Certificate">Its row and what it says itself.</param>
public sealed record AuthorityDetails(AuthorityRole Role, CertificateDetails Certificate)
{
    /// <summary>Says whether this is the CA that signs now; false: it was re-created since then.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>Gets the name of the CA whose key signed it; null for a root, and where that CA is not known any more.</summary>
    public string? IssuedBy { get; init; }

    /// <summary>Gets how many CA certificates may follow below; null: any number.</summary>
    public int? PathLength { get; init; }

    /// <summary>Gets the published CRL that its key signed; null: there is none.</summary>
    public AuthorityCrl? Crl { get; init; }

    /// <summary>Gets the name of the published certificate, PEM; null for a former CA, whose files were replaced.</summary>
    public string? PemFile => IsCurrent ? CaNames.CertificateFile(Certificate.Record.CommonName) : null;

    /// <summary>Gets the name of the published certificate, DER; null for a former CA.</summary>
    public string? DerFile => IsCurrent ? CaNames.DerCertificateFile(Certificate.Record.CommonName) : null;
}

/// <summary>Holds the facts of a published CRL. Immutable.</summary>
/// <param name="File">The name of the published file, DER.</param>
/// <param name="Number">The CRL number.</param>
/// <param name="ThisUpdate">The date of the CRL, UTC.</param>
/// <param name="NextUpdate">When the next one is out at the latest, UTC.</param>
/// <param name="Entries">How many certificates it lists.</param>
/// <param name="Octets">The length of the file.</param>
/// <param name="SignedBy">The name of the CA whose key signed it.</param>
/// <param name="IsDue">Whether it is time for the next one, or past it (<see cref="CrlRenewal.AgeOf"/>); a CRL that is dated ahead of
/// the clock is due, too.</param>
public sealed record AuthorityCrl(
    string File, long Number, DateTimeOffset ThisUpdate, DateTimeOffset NextUpdate, int Entries, int Octets, string SignedBy, bool IsDue)
{
    /// <summary>Reads the facts.</summary>
    /// <param name="caName">The CA whose key signed it.</param>
    /// <param name="crl">A numbered CRL.</param>
    /// <param name="now">The current time, UTC.</param>
    internal static AuthorityCrl Of(string caName, CertificateRevocationList crl, DateTimeOffset now) => new(
        CaNames.CrlFile(caName), crl.Number!.Value, crl.ThisUpdate, crl.NextUpdate, crl.EntryCount, crl.Der.Length, caName,
        CrlRenewal.AgeOf(crl, now) != CrlAge.Fresh);
}
