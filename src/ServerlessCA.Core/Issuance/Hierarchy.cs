using ServerlessCA.Core.Names;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Both CAs of a deployment, as often as they were made. Immutable.</summary>
internal sealed record Hierarchy(CaGenerations Roots, CaGenerations Issuers)
{
    /// <summary>The root that counts.</summary>
    public CertificateAuthority Root => Roots.Newest;

    /// <summary>The issuing CA that counts.</summary>
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
    public static async Task<(Hierarchy? Cas, Rejection? Why)> FindAsync(
        ICertificateLedger ledger, CaNames names, CancellationToken cancellation)
    {
        Task<CaGenerations?> findIssuing = CaGenerations.FindAsync(ledger, names.IssuingCa, cancellation);
        Task<CaGenerations?> findRoot = CaGenerations.FindAsync(ledger, names.RootCa, cancellation);
        await Task.WhenAll(findIssuing, findRoot);
        return (await findRoot, await findIssuing) switch
        {
            ({ } roots, { } issuers) => (new Hierarchy(roots, issuers), null),
            (_, null) => (null, NotFound(names.IssuingCa)),
            _ => (null, NotFound(names.RootCa)),
        };
    }

    /// <summary>Whether a subject is that of a CA, now or before: its certificate would pass for the CA's (contract 12.20).</summary>
    public bool HasSubject(DistinguishedName subject) => subjects.Any(name => name.Matches(subject));

    /// <summary>Whether the key that signed a certificate belongs to no CA row, or only to revoked ones (contract 12.23). Key
    /// identifiers say whose key it was; where they cannot be read, it counts as known.</summary>
    public bool HasLost(CertificateRecord row) =>
        Roots.AreAllRead && Issuers.AreAllRead
        && CertificateAuthority.SignerOf(row) is { } signer
        && All.Where(authority => authority.KeyId == signer).All(authority => authority.Record.Revoked is not null);

    private static Rejection NotFound(string name) => new(RejectionCode.CaNotFound, null, $"CA {name} not found");
}
