using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Issuance;

/// <summary>What became of an operator's list. Immutable.</summary>
/// <param name="Rows">The rows that it names and that are revoked now, as they are now.</param>
/// <param name="Newly">How many of them were revoked by this run.</param>
/// <param name="Problems">What was skipped, and why.</param>
internal sealed record ListedRevocations(IReadOnlyList<CertificateRecord> Rows, int Newly, IReadOnlyList<string> Problems);
