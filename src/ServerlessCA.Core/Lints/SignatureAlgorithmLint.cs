using System.Formats.Asn1;

namespace ServerlessCA.Core.Lints;

/// <summary>The algorithm inside the signed part, the one beside the signature, and that of the issuer's key are the same.</summary>
internal sealed class SignatureAlgorithmLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.1.1.2, §4.1.2.3";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        ReadOnlyMemory<byte> outer = subject.Certificate.SignatureAlgorithmDer;
        var expected = new AsnWriter(AsnEncodingRules.DER);
        subject.Algorithm.Write(expected);
        if (!outer.Span.SequenceEqual(subject.Certificate.TbsAlgorithmDer.Span))
        {
            yield return "the two signature algorithms differ";
        }

        if (!expected.EncodedValueEquals(outer.Span))
        {
            yield return "signature algorithm is not that of the issuer's key";
        }
    }
}
