using System.Collections;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Lints;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>Makes a signed CRL from a template.</summary>
public static class CrlSigner
{
    /// <summary>Sorts, encodes, signs, reads again and checks. A million entries take about a second and 71 MB beside the entries
    /// themselves.</summary>
    /// <param name="template">What the CRL says.</param>
    /// <param name="key">The issuer's key.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1, or the next update is not after this one.</exception>
    /// <exception cref="CrlLintException">The key is not the issuer's, or a rule is broken: nothing was handed out.</exception>
    /// <exception cref="CaKeyUnavailableException">The CRL is not signed; trying again is safe.</exception>
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

/// <summary>Holds everything that a CRL will say. Immutable.</summary>
/// <param name="Issuer">The CA's certificate, which gives the issuer's name and the authority key identifier (contract
/// 12.9).</param>
/// <param name="Number">The CRL number, from 1, always growing (RFC 5280 §5.2.3).</param>
/// <param name="ThisUpdate">UTC; fractions of a second are cut.</param>
/// <param name="NextUpdate">UTC, after <paramref name="ThisUpdate"/>; fractions of a second are cut.</param>
/// <param name="Entries">In any order; a serial number that occurs twice counts once, with its earliest date.</param>
public sealed record CrlTemplate(
    Certificate Issuer, long Number, DateTimeOffset ThisUpdate, DateTimeOffset NextUpdate, IReadOnlyList<CrlEntry> Entries);

/// <summary>A signed CRL broke a rule, by a bug of ours or a wrong answer of the key service. It was thrown away; nothing was
/// handed out.</summary>
public sealed class CrlLintException(IReadOnlyList<LintFinding> findings)
    : Exception($"the CRL was thrown away, it breaks rules: {string.Join("; ", findings)}")
{
    /// <summary>Lists every broken rule, at least one.</summary>
    public IReadOnlyList<LintFinding> Findings { get; } = findings;
}

/// <summary>Checks a CRL before anyone else sees it: it says what the template says, and its issuer may sign it.</summary>
internal static class CrlLints
{
    /// <summary>Returns all findings; none for a good CRL.</summary>
    /// <param name="template">The CRL to be signed, with sorted entries and whole seconds.</param>
    /// <param name="crl">The signed CRL, parsed again.</param>
    /// <param name="algorithm">The algorithm of the issuer's key.</param>
    public static IReadOnlyList<LintFinding> Check(CrlTemplate template, CertificateRevocationList crl, SignatureAlgorithm algorithm)
    {
        Certificate issuer = template.Issuer;
        (bool IsMet, string Clause, string Message)[] rules =
        [
            (MaySign(issuer), "RFC 5280 §4.2.1.3", "the issuer's key may not sign CRLs"),
            (HasAlgorithm(crl, algorithm), "RFC 5280 §5.1.1.2", "signature algorithm is not that of the issuer's key"),
            (crl.IssuerDer.Span.SequenceEqual(issuer.SubjectDer.Span), "RFC 5280 §5.1.2.3",
                "issuer name is not the subject of the issuer's certificate"),
            (crl.ThisUpdate == template.ThisUpdate && crl.NextUpdate == template.NextUpdate, "RFC 5280 §5.1.2.4, §5.1.2.5",
                "the updates are not those of the template"),
            (crl.AuthorityKeyIdentifier is { } key && key.Span.SequenceEqual(issuer.IssuerKeyIdentifier().Span), "RFC 5280 §5.2.1",
                "authority key identifier is not the issuer's subject key identifier"),
            (crl.Number == template.Number, "RFC 5280 §5.2.3", "the number is not that of the template"),
            (crl.Entries().SequenceEqual(template.Entries), "RFC 5280 §5.1.2.6", "the entries are not those of the template"),
            (crl.Entries().All(entry => entry.RevokedAt <= crl.ThisUpdate), "contract 12.28", "an entry is revoked later than the CRL was made"),
            (issuer.PublicKey is { } signer && crl.IsSignedBy(signer), "RFC 5280 §5.1.1.3",
                "signature does not verify under the issuer's key"),
        ];
        return [.. rules.Where(rule => !rule.IsMet).Select(rule => new LintFinding(nameof(CrlLints), rule.Clause, rule.Message))];
    }

    private static bool MaySign(Certificate issuer) =>
        issuer.IsCa && (issuer.KeyUsage is not { } usage || usage.HasFlag(KeyUsages.CrlSign));

    private static bool HasAlgorithm(CertificateRevocationList crl, SignatureAlgorithm algorithm) =>
        algorithm.Der.Span.SequenceEqual(crl.SignatureAlgorithmDer.Span) && algorithm.Der.Span.SequenceEqual(crl.TbsAlgorithmDer.Span);
}

/// <summary>Sorts entries in the order of a CRL: by serial number, each once (contract section 6, 12.9), with whole seconds; of
/// entries with one serial number the earliest counts. It is a view on the given list: a million entries cost 16 MB more, not
/// 48.</summary>
internal sealed class CrlOrder : IReadOnlyList<CrlEntry>
{
    private readonly IReadOnlyList<CrlEntry> entries;
    private readonly Place[] places;

    private CrlOrder(IReadOnlyList<CrlEntry> entries)
    {
        this.entries = entries;
        places = new Place[entries.Count];
        for (int index = 0; index < places.Length; index++)
        {
            places[index] = new Place(entries[index].SerialNumber.Prefix, index);
        }

        Array.Sort(places, Compare);
        Count = DropRepeats();
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public CrlEntry this[int index] => Exact(entries[places[index].Index]);

    /// <summary>Sorts entries that are not in order yet; the given list stays as it is.</summary>
    public static CrlOrder Of(IReadOnlyList<CrlEntry> entries) => entries as CrlOrder ?? new(entries);

    /// <inheritdoc/>
    public IEnumerator<CrlEntry> GetEnumerator()
    {
        for (int index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int DropRepeats()
    {
        int count = 0;
        foreach (Place place in places)
        {
            if (count == 0 || entries[places[count - 1].Index].SerialNumber != entries[place.Index].SerialNumber)
            {
                places[count++] = place;
            }
        }

        return count;
    }

    private int Compare(Place left, Place right)
    {
        if (left.Prefix != right.Prefix)
        {
            return left.Prefix.CompareTo(right.Prefix);
        }

        CrlEntry one = entries[left.Index];
        CrlEntry other = entries[right.Index];
        int bySerial = one.SerialNumber.CompareTo(other.SerialNumber);
        int byDate = bySerial != 0 ? bySerial : one.RevokedAt.CompareTo(other.RevokedAt);
        return byDate != 0 ? byDate : one.Reason.CompareTo(other.Reason);
    }

    private static CrlEntry Exact(CrlEntry entry)
    {
        DateTimeOffset at = TableTime.WholeSeconds(entry.RevokedAt);
        return at == entry.RevokedAt ? entry : entry with { RevokedAt = at };
    }

    private readonly record struct Place(ulong Prefix, int Index);
}
