using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>What became of an operator's list. Immutable.</summary>
/// <param name="Rows">The rows that it names and that are revoked now, as they are now.</param>
/// <param name="Rowless">What it names and no row has: on the CRL already, or to be put there.</param>
/// <param name="Wanted">Entries that are carried out once the CRL has them, or their row shows that they have left.</param>
/// <param name="Newly">How many rows were revoked by this run.</param>
/// <param name="Failures">Entries that cannot be carried out.</param>
/// <param name="Warnings">What somebody should know besides.</param>
internal sealed record ListedRevocations(
    IReadOnlyList<CertificateRecord> Rows,
    IReadOnlyList<RowlessRevocation> Rowless,
    IReadOnlyList<WantedRevocation> Wanted,
    int Newly,
    IReadOnlyList<EntryFailure> Failures,
    IReadOnlyList<string> Warnings);

/// <summary>A revocation of a certificate that no row has. Immutable.</summary>
/// <param name="SerialNumber">Which certificate.</param>
/// <param name="Reason">Why.</param>
/// <param name="Expires">When the certificate expires, if the list says so.</param>
internal sealed record RowlessRevocation(SerialNumber SerialNumber, RevocationReason Reason, DateTimeOffset? Expires);

/// <summary>An entry and the certificate that has to be on the CRL for it. Immutable.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="SerialNumber">Of the certificate.</param>
/// <param name="Expires">When the certificate expires; null when nobody knows.</param>
internal sealed record WantedRevocation(ListedEntry Entry, SerialNumber SerialNumber, DateTimeOffset? Expires);
