using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Ports;

/// <summary>Remembers which CSRs have proved possession of their key (contract 12.1): what a ledger offers beside
/// <see cref="ICertificateLedger"/> if looking that up is cheaper than verifying a signature. A run meets the same CSRs every
/// night.</summary>
public interface IProvenRequests
{
    /// <summary>Says whether the signature of this very CSR was verified. It may be forgotten: false means nothing.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    Task<bool> IsProvenAsync(ProvenRequest request, CancellationToken cancellation);

    /// <summary>Remembers that signatures were verified, of those whose key is reserved: one CSR for each key, the first one stays.</summary>
    /// <exception cref="LedgerUnavailableException">Perhaps remembered.</exception>
    Task NoteProvenAsync(IReadOnlyCollection<ProvenRequest> requests, CancellationToken cancellation);
}

/// <summary>Identifies a CSR with its signature. Immutable.</summary>
/// <param name="Key">The key that it names.</param>
/// <param name="Hash">SHA-256 of the whole CSR, DER, in lower-case hex.</param>
public readonly record struct ProvenRequest(ReservedKey Key, string Hash);
