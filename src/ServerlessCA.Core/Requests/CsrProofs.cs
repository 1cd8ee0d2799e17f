using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Requests;

/// <summary>Reads the CSRs of a run. The proof of possession of a CSR that a run has verified before is not verified again: that is
/// most of what an entry costs that has its certificate. Safe for concurrent use.</summary>
/// <param name="ledger">Remembers which CSRs were verified.</param>
internal sealed class CsrProofs(IProvenRequests ledger)
{
    private const int MaxUnsaved = 1024; // our decision: as much as a run that is ended verifies in vain

    private readonly List<ProvenRequest> verified = [];

    /// <summary>Reads PEM; the CSR, or why it is refused, as of <see cref="CertificateSigningRequest.TryParsePem"/>.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task<(CertificateSigningRequest? Csr, string? Why)> ReadAsync(string pem, CancellationToken cancellation)
    {
        if (!CertificateSigningRequest.TryReadPem(pem, out CertificateSigningRequest.UnprovenRequest? read, out string? why))
        {
            return (null, why);
        }

        var request = new ProvenRequest(read.Key.Reservation, read.Hash);
        if (await ledger.IsProvenAsync(request, cancellation))
        {
            return (read.Proven(), null);
        }

        if (read.Prove(out CertificateSigningRequest? csr, out why))
        {
            int unsaved;
            lock (verified)
            {
                verified.Add(request);
                unsaved = verified.Count;
            }

            if (unsaved >= MaxUnsaved)
            {
                await SaveAsync(cancellation);
            }
        }

        return (csr, why);
    }

    /// <summary>Has the ledger remember what was verified since the last call. Where it cannot, the next run verifies it
    /// again.</summary>
    public async Task SaveAsync(CancellationToken cancellation)
    {
        ProvenRequest[] all;
        lock (verified)
        {
            all = [.. verified];
            verified.Clear();
        }

        try
        {
            if (all.Length > 0)
            {
                await ledger.NoteProvenAsync(all, cancellation);
            }
        }
        catch (LedgerUnavailableException)
        {
            // Nothing depends on it but time.
        }
    }
}
