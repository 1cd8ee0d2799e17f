using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Records;

/// <summary>What the authority remembers of a certificate: one row of the table (SPEC section 2).
/// Immutable. Rows written by the original system have no key hash and no issuer key id.</summary>
public sealed record CertificateRecord
{
    private DecodedPem decoded;

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

    /// <summary>What <see cref="CertificatePem"/> says, decoded when it is asked for, and then once; null when it cannot be
    /// read. A copy of the row that keeps the certificate keeps this, too.</summary>
    public Certificate? Certificate => decoded.Of(CertificatePem);

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

    // Of two rows that say the same both are equal, whichever was decoded.
    private struct DecodedPem : IEquatable<DecodedPem>
    {
        private Known? known;

        public Certificate? Of(string pem)
        {
            if (known is not { } there || !ReferenceEquals(there.Pem, pem))
            {
                known = there = new Known(pem, Certificate.TryDecodePem(pem, out Certificate? certificate) ? certificate : null);
            }

            return there.Certificate;
        }

        public readonly bool Equals(DecodedPem other) => true;

        public readonly override bool Equals(object? obj) => obj is DecodedPem;

        public readonly override int GetHashCode() => 0;

        private sealed record Known(string Pem, Certificate? Certificate);
    }
}
