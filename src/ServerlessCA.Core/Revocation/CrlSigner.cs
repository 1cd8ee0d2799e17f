using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Lints;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>Turns a template into a CRL.</summary>
public static class CrlSigner
{
    /// <summary>Sorts, encodes, signs, reads again and checks. A million entries take about a second and 71 MB beside
    /// the entries themselves.</summary>
    /// <param name="template">What the CRL says.</param>
    /// <param name="key">The issuer's key.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number below 1, or a next update that is not after this one.</exception>
    /// <exception cref="CrlLintException">The key is not the issuer's, or a rule is broken: nothing was handed out.</exception>
    /// <exception cref="CaKeyUnavailableException">Not signed; trying again is safe.</exception>
    public static async Task<CertificateRevocationList> SignAsync(
        CrlTemplate template, ICaKey key, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(template.Number, 1);
        CrlTemplate exact = template with
        {
            ThisUpdate = TableTime.WholeSeconds(template.ThisUpdate),
            NextUpdate = TableTime.WholeSeconds(template.NextUpdate),
            Entries = CrlOrder.Of(template.Entries),
        };
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(exact.NextUpdate, exact.ThisUpdate, nameof(template));
        ThrowIfAny(SigningKeyCheck.Findings(key, template.Issuer.PublicKey));

        var algorithm = SignatureAlgorithm.Of(key.Spec);
        var encoding = new CrlEncoding(exact, algorithm);
        byte[] signature = await key.SignAsync(SignedContent.Of(encoding.TbsDer), cancellation);
        if (!CertificateRevocationList.TryDecode(encoding.Finish(signature), out CertificateRevocationList? crl))
        {
            throw new CrlLintException([new("Decode", "RFC 5280 §5.1", "the signed CRL cannot be read again")]);
        }

        ThrowIfAny(CrlLints.Check(exact, crl, algorithm));
        return crl;
    }

    private static void ThrowIfAny(IReadOnlyList<LintFinding> findings)
    {
        if (findings.Count > 0)
        {
            throw new CrlLintException(findings);
        }
    }
}

/// <summary>Everything that a CRL will say. Immutable.</summary>
/// <param name="Issuer">The CA's certificate: gives the issuer's name and the authority key identifier (contract 12.9).</param>
/// <param name="Number">The CRL number, from 1, always growing (RFC 5280 §5.2.3).</param>
/// <param name="ThisUpdate">UTC; fractions of a second are cut.</param>
/// <param name="NextUpdate">UTC, after <paramref name="ThisUpdate"/>; fractions of a second are cut.</param>
/// <param name="Entries">In any order; a serial number that stands twice counts once, with its earliest date.</param>
public sealed record CrlTemplate(
    Certificate Issuer, long Number, DateTimeOffset ThisUpdate, DateTimeOffset NextUpdate, IReadOnlyList<CrlEntry> Entries);

/// <summary>A signed CRL broke a rule: a bug of ours, or a key service that lies. It was thrown away; nothing was handed out.</summary>
public sealed class CrlLintException(IReadOnlyList<LintFinding> findings)
    : Exception($"the CRL was thrown away, it breaks rules: {string.Join("; ", findings)}")
{
    /// <summary>Every broken rule, at least one.</summary>
    public IReadOnlyList<LintFinding> Findings { get; } = findings;
}
