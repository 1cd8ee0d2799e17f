using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Inventory;

/// <summary>Finds the CAs above a certificate: those whose keys really signed, also where a CA was re-created. Immutable.</summary>
public sealed class IssuerChain
{
    private readonly Certificate[] authorities;

    private IssuerChain(Certificate[] authorities) => this.authorities = authorities;

    /// <summary>Reads the certificates of the CAs, former ones included, to find the chains of many certificates.</summary>
    /// <param name="ledger">Where the CAs' rows are.</param>
    /// <param name="names">The names of the CAs.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public static async Task<IssuerChain> ReadAsync(ICertificateLedger ledger, CaNames names, CancellationToken cancellation) => new(
    [
        .. await CertificatesAsync(ledger, names.IssuingCa, cancellation),
        .. await CertificatesAsync(ledger, names.RootCa, cancellation),
    ]);

    /// <summary>Returns the CA certificates from the one that signed the certificate up to the root; empty for a root.</summary>
    /// <param name="ledger">Where the CAs' rows are.</param>
    /// <param name="names">The names of the CAs.</param>
    /// <param name="record">The certificate's row.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public static async Task<IReadOnlyList<Certificate>> OfAsync(
        ICertificateLedger ledger, CaNames names, CertificateRecord record, CancellationToken cancellation) =>
        (await ReadAsync(ledger, names, cancellation)).Of(record);

    /// <summary>Returns the CA certificates from the one that signed the certificate up to the root; empty for a root.</summary>
    /// <param name="record">The certificate's row.</param>
    public IReadOnlyList<Certificate> Of(CertificateRecord record)
    {
        var chain = new List<Certificate>();
        Certificate? subject = record.Certificate;
        while (subject is not null && IssuerOf(subject) is { } issuer && issuer.SerialNumber != subject.SerialNumber)
        {
            chain.Add(issuer);
            subject = issuer;
        }

        return chain;
    }

    private Certificate? IssuerOf(Certificate subject) => Array.Find(authorities, subject.IsIssuedBy);

    private static async Task<IEnumerable<Certificate>> CertificatesAsync(
        ICertificateLedger ledger, string name, CancellationToken cancellation) =>
        (await ledger.FindByNameAsync(name, cancellation)).Where(row => row.IsCa).Select(row => row.Certificate).OfType<Certificate>();
}
