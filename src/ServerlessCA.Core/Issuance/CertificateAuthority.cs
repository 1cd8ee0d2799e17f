using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Is a CA of this deployment: its name, its row and its certificate. Immutable.</summary>
/// <param name="Name">Such as <c>serverless-issuing-ca-dev</c>.</param>
/// <param name="Record">The CA's row.</param>
/// <param name="Certificate">The certificate of the row, parsed.</param>
public sealed record CertificateAuthority(string Name, CertificateRecord Record, Certificate Certificate)
{
    /// <summary>Gets the subject key identifier in lower-case hex: certificates and CRLs name it as their authority.</summary>
    public string KeyId => Convert.ToHexStringLower((Certificate.SubjectKeyIdentifier ?? Certificate.PublicKey!.KeyIdentifier).Span);

    /// <summary>Gets the id of its row.</summary>
    public RowId Row => new(Record.CommonName, Record.SerialNumber);

    /// <summary>Finds a CA by name: the newest if it was created more than once. Null when there is none.</summary>
    /// <exception cref="LedgerUnavailableException">The row's certificate cannot be read.</exception>
    public static async Task<CertificateAuthority?> FindAsync(
        ICertificateLedger ledger, string name, CancellationToken cancellation) =>
        (await CaGenerations.FindAsync(ledger, name, cancellation))?.Newest;

    /// <summary>Finds the CA of a deployment whose present key signed a row's certificate; null when none did.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger, or a CA's certificate, cannot be read.</exception>
    internal static async Task<CertificateAuthority?> FindSignerAsync(
        ICertificateLedger ledger, CaNames names, CertificateRecord row, CancellationToken cancellation)
    {
        foreach (string name in (string[])[names.IssuingCa, names.RootCa])
        {
            if (await FindAsync(ledger, name, cancellation) is { } authority && authority.Signed(row))
            {
                return authority;
            }
        }

        return null;
    }

    /// <summary>Says why this CA may not issue now; null when it may (contract 12.10, 12.28).</summary>
    public string? WhyNotUsable(DateTimeOffset now) =>
        Record.Revoked is { } revoked ? $"CA {Name} was revoked on {TableTime.Text(revoked.At)}"
        : now >= Certificate.NotAfter ? $"CA {Name} expired on {TableTime.Text(Certificate.NotAfter)}"
        : now < Certificate.NotBefore ? $"CA {Name} is not valid before {TableTime.Text(Certificate.NotBefore)}"
        : null;

    /// <summary>Says whether a row's certificate was signed by this CA's key.</summary>
    public bool Signed(CertificateRecord row) => SignerOf(row) == KeyId;

    /// <summary>Returns the <see cref="KeyId"/> of the CA key that signed a row's certificate; null when the row does not
    /// say.</summary>
    public static string? SignerOf(CertificateRecord row) => row.IssuerKeyId // absent in CA rows and in rows of the original
        ?? row.Certificate?.AuthorityKeyId;

    /// <summary>Returns the CA's key from the key service.</summary>
    /// <exception cref="CaKeyUnavailableException">There is none, or it is not the key of this certificate.</exception>
    public async Task<ICaKey> KeyAsync(ICaKeys keys, CancellationToken cancellation)
    {
        ICaKey key = await keys.FindAsync(Name, cancellation)
            ?? throw new CaKeyUnavailableException($"there is no key for {Name}, but a certificate: restore the key from a backup");
        return key.SubjectPublicKeyInfo.Span.SequenceEqual(Certificate.PublicKey!.SubjectPublicKeyInfo.Span)
            ? key
            : throw new CaKeyUnavailableException(
                $"the key of {Name} does not match its certificate, serial number {Record.SerialNumber}: restore the key that signed it");
    }
}

/// <summary>Holds all rows of a CA's name: one for each time that the CA was created. Immutable.</summary>
/// <param name="Newest">The CA that issues.</param>
/// <param name="All">Every row whose certificate can be read, the newest first.</param>
/// <param name="AreAllRead">Whether <paramref name="All"/> has every row: if not, nobody knows whose keys the others
/// have.</param>
internal sealed record CaGenerations(CertificateAuthority Newest, IReadOnlyList<CertificateAuthority> All, bool AreAllRead)
{
    /// <summary>Finds the rows; null when the name has no row of a CA.</summary>
    /// <exception cref="LedgerUnavailableException">The newest row's certificate cannot be read.</exception>
    public static Task<CaGenerations?> FindAsync(ICertificateLedger ledger, string name, CancellationToken cancellation) =>
        FindAsync(ledger, name, known: null, cancellation);

    /// <summary>Finds the rows as they are now; a certificate that is known already is not parsed again.</summary>
    /// <exception cref="LedgerUnavailableException">The newest row's certificate cannot be read.</exception>
    public static async Task<CaGenerations?> FindAsync(ICertificateLedger ledger, string name, CaGenerations? known, CancellationToken cancellation)
    {
        IReadOnlyList<CertificateRecord> found = await ledger.FindByNameAsync(name, cancellation);
        if (known?.AreStill(found) is true)
        {
            return known;
        }

        CertificateRecord[] rows = [.. found.Where(row => row.IsCa).OrderByDescending(row => row.Issued)];
        if (rows.Length == 0)
        {
            return null;
        }

        CertificateAuthority newest = Read(name, rows[0], known) ?? throw new LedgerUnavailableException(
            $"the certificate in the row of {name}, serial number {rows[0].SerialNumber}, cannot be read: restore the row from a backup");
        CertificateAuthority[] all = [newest, .. rows.Skip(1).Select(row => Read(name, row, known)).OfType<CertificateAuthority>()];
        return new CaGenerations(newest, all, all.Length == rows.Length);
    }

    // Says whether these are the rows that were read last time: hardly ever are they others.
    private bool AreStill(IReadOnlyList<CertificateRecord> rows)
    {
        bool same = AreAllRead && rows.Count == All.Count;
        for (int i = 0; same && i < rows.Count; i++)
        {
            same = All[i].Record.Equals(rows[i]);
        }

        return same;
    }

    private static CertificateAuthority? Read(string name, CertificateRecord row, CaGenerations? known)
    {
        if (known?.All.FirstOrDefault(authority => authority.Record.CertificatePem == row.CertificatePem) is { } same)
        {
            return same with { Record = row };
        }

        if (row.Certificate is not { PublicKey: { } key } certificate)
        {
            return null;
        }

        key.KeepImported();
        return new CertificateAuthority(name, row, certificate);
    }
}

/// <summary>Holds both CAs of a deployment, with all rows that they ever had. Immutable.</summary>
internal sealed record Hierarchy(CaGenerations Roots, CaGenerations Issuers)
{
    /// <summary>Gets the newest root, which counts.</summary>
    public CertificateAuthority Root => Roots.Newest;

    /// <summary>Gets the newest issuing CA, which counts.</summary>
    public CertificateAuthority Issuing => Issuers.Newest;

    private readonly IReadOnlyList<DistinguishedName> subjects =
    [
        .. Roots.All.Concat(Issuers.All)
            .Select(authority => DistinguishedName.TryDecode(authority.Certificate.SubjectDer, out DistinguishedName? name) ? name : null)
            .OfType<DistinguishedName>(),
    ];

    private IEnumerable<CertificateAuthority> All => Roots.All.Concat(Issuers.All);

    /// <summary>Finds both, or says which one is missing.</summary>
    /// <exception cref="LedgerUnavailableException">A CA's certificate cannot be read.</exception>
    public static Task<(Hierarchy? Cas, Rejection? Why)> FindAsync(ICertificateLedger ledger, CaNames names, CancellationToken cancellation) =>
        FindAsync(ledger, names, known: null, cancellation);

    /// <summary>Finds both as they are now; a certificate that is known already is not parsed again.</summary>
    /// <exception cref="LedgerUnavailableException">A CA's certificate cannot be read.</exception>
    public static async Task<(Hierarchy? Cas, Rejection? Why)> FindAsync(
        ICertificateLedger ledger, CaNames names, Hierarchy? known, CancellationToken cancellation)
    {
        Task<CaGenerations?> findIssuing = CaGenerations.FindAsync(ledger, names.IssuingCa, known?.Issuers, cancellation);
        Task<CaGenerations?> findRoot = CaGenerations.FindAsync(ledger, names.RootCa, known?.Roots, cancellation);
        await Task.WhenAll(findIssuing, findRoot);
        return (await findRoot, await findIssuing) switch
        {
            ({ } roots, { } issuers) when ReferenceEquals(roots, known?.Roots) && ReferenceEquals(issuers, known.Issuers) => (known, null),
            ({ } roots, { } issuers) => (new Hierarchy(roots, issuers), null),
            (_, null) => (null, NotFound(names.IssuingCa)),
            _ => (null, NotFound(names.RootCa)),
        };
    }

    /// <summary>Says whether a subject is that of a CA, now or before: such a certificate would pass for the CA's (contract
    /// 12.20).</summary>
    public bool HasSubject(DistinguishedName subject) => subjects.Any(name => name.Matches(subject));

    /// <summary>Says whether the key that signed a certificate belongs to no CA row, or only to revoked ones (contract 12.23).
    /// Key identifiers say whose key it was; where they cannot be read, it counts as known.</summary>
    public bool HasLost(CertificateRecord row) =>
        Roots.AreAllRead && Issuers.AreAllRead
        && CertificateAuthority.SignerOf(row) is { } signer
        && All.Where(authority => authority.KeyId == signer).All(authority => authority.Record.Revoked is not null);

    private static Rejection NotFound(string name) => new(RejectionCode.CaNotFound, null, $"CA {name} not found");
}
