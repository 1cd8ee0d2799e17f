using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Records;

/// <summary>What the authority remembers of a certificate: one row of the table (SPEC section 2).
/// Immutable. Rows written by the original system have no key hash and no issuer key id.</summary>
public sealed record CertificateRecord
{
    private readonly DecodedOnce decoded = new();

    /// <summary>The subject's common name; for a CA the CA's name (<c>serverless-root-ca-dev</c>).</summary>
    public required string CommonName { get; init; }

    /// <summary>Unique under its common name.</summary>
    public required SerialNumber SerialNumber { get; init; }

    /// <summary>Start of validity, UTC, whole seconds.</summary>
    public required DateTimeOffset Issued { get; init; }

    /// <summary>End of validity, UTC, whole seconds.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>The certificate in PEM, one block, with the final newline.</summary>
    public required string CertificatePem { get; init; }

    /// <summary>Absent while the certificate is not revoked.</summary>
    public CertificateRevocation? Revoked { get; init; }

    /// <summary>Of a CA: the number of the last CRL begun, from 0. Absent for end entities.</summary>
    public long? CrlNumber { get; init; }

    /// <summary>Whether to remind of the expiry; absent for CAs and for old rows of the original.</summary>
    public bool? NotifyExpiry { get; init; }

    /// <summary>When reminders went out, UTC, whole seconds, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> ExpiryReminders { get; init; } = [];

    /// <summary>The subject's key; absent in rows of the original.</summary>
    public KeyHash? PublicKeyHash { get; init; }

    /// <summary>Hex of the authority key identifier: which CA key signed; absent in rows of the original.</summary>
    public string? IssuerKeyId { get; init; }

    /// <summary>Whether the row is that of a CA.</summary>
    public bool IsCa => CrlNumber is not null;

    /// <summary>The certificate, decoded when it is first asked for and then kept; null when it cannot be read.</summary>
    public Certificate? Certificate => decoded.Of(CertificatePem);

    /// <summary>A certificate that was decoded, with the text it came from. It says nothing that the row does not say, and so
    /// rows are equal whether they were decoded or not; a copy of a row with another text decodes that.</summary>
    private sealed class DecodedOnce
    {
        private volatile Tuple<string, Certificate?>? known;

        public Certificate? Of(string pem)
        {
            if (known is { } last && ReferenceEquals(last.Item1, pem))
            {
                return last.Item2;
            }

            Certificate? certificate = Certificates.Certificate.TryDecodePem(pem, out Certificate? read) ? read : null;
            known = Tuple.Create(pem, certificate);
            return certificate;
        }

        public override bool Equals(object? obj) => obj is DecodedOnce;

        public override int GetHashCode() => 0;
    }
}
