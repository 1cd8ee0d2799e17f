using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>A CA of this deployment: its name, its row and its certificate. Immutable.</summary>
/// <param name="Name">Such as <c>serverless-issuing-ca-dev</c>.</param>
/// <param name="Record">Its row.</param>
/// <param name="Certificate">The certificate of the row, parsed.</param>
public sealed record CertificateAuthority(string Name, CertificateRecord Record, Certificate Certificate)
{
    /// <summary>Lower-case hex of its subject key identifier: what its certificates and CRLs name as their authority.</summary>
    public string KeyId => Convert.ToHexStringLower((Certificate.SubjectKeyIdentifier ?? Certificate.PublicKey!.KeyIdentifier).Span);

    /// <summary>Its row.</summary>
    public RowId Row => new(Record.CommonName, Record.SerialNumber);

    /// <summary>Finds a CA by name; the newest if its row was made more than once. Null when there is none.</summary>
    /// <exception cref="LedgerUnavailableException">The row's certificate cannot be read.</exception>
    public static async Task<CertificateAuthority?> FindAsync(
        ICertificateLedger ledger, string name, CancellationToken cancellation) =>
        (await CaGenerations.FindAsync(ledger, name, cancellation))?.Newest;

    /// <summary>The CA of a deployment whose key, as it is now, signed a row's certificate; null when none did.</summary>
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

    /// <summary>Why this CA may not issue now; null when it may (contract 12.10, 12.28).</summary>
    public string? WhyNotUsable(DateTimeOffset now) =>
        Record.Revoked is { } revoked ? $"CA {Name} was revoked on {TableTime.Text(revoked.At)}"
        : now >= Certificate.NotAfter ? $"CA {Name} expired on {TableTime.Text(Certificate.NotAfter)}"
        : now < Certificate.NotBefore ? $"CA {Name} is not valid before {TableTime.Text(Certificate.NotBefore)}"
        : null;

    /// <summary>Whether a row's certificate was signed by this CA's key.</summary>
    public bool Signed(CertificateRecord row) => SignerOf(row) == KeyId;

    /// <summary>The <see cref="KeyId"/> of the CA key that signed a row's certificate; null when it does not say.</summary>
    public static string? SignerOf(CertificateRecord row) => row.IssuerKeyId // absent in CA rows and in rows of the original
        ?? (row.Certificate?.AuthorityKeyIdentifier is { } id ? Convert.ToHexStringLower(id.Span) : null);

    /// <summary>The CA's key, as the key service has it.</summary>
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
