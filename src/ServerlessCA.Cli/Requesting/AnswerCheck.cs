using System.Formats.Asn1;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Cli.Requesting;

/// <summary>Whether an answer is one to the request: its key, its names, its chain. Files are written only then.</summary>
internal static class AnswerCheck
{
    /// <summary>Says what does not fit.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="key">The key of the CSR; null when the CSR is not here but at the CA.</param>
    /// <param name="commonName">Asked for.</param>
    /// <param name="sans">Asked for, those that are names; null when the request leaves them to the CA or to a file.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CommandFault">Something does not fit.</exception>
    public static void Check(
        Answer answer, PublicKey? key, string? commonName, IReadOnlyList<GeneralName>? sans, DateTimeOffset now)
    {
        string? fault = key?.IsSameAs(answer.Certificate.PublicKey) == false ? "it is for another key"
            : commonName is not null && !Names(answer.Certificate).Contains(commonName) ? $"its common name is not '{commonName}'"
            : sans is not null && !HasExactly(answer.Certificate, sans) ? "its alternative names are not those that were asked for"
            : ChainFault(answer)
            ?? (now < answer.Certificate.NotBefore || now > answer.Certificate.NotAfter ? "it is not valid now: check the clock" : null);
        if (fault is not null)
        {
            throw CommandFault.Fault(
                $"the CA answered with certificate {answer.Certificate.SerialNumber}, which does not do: {fault}",
                "nothing was written; report this to whoever runs the CA");
        }
    }

    private static string? ChainFault(Answer answer) =>
        !Issued(answer.Issuing, answer.Certificate) ? "the issuing CA did not sign it"
        : !Issued(answer.Root, answer.Issuing) ? "the root CA did not sign the issuing CA"
        : !Issued(answer.Root, answer.Root) ? "the root CA is not self-signed"
        : null;

    private static bool Issued(Certificate issuer, Certificate subject) =>
        issuer.SubjectDer.Span.SequenceEqual(subject.IssuerDer.Span) && issuer.PublicKey is { } key && subject.IsSignedBy(key);

    private static IEnumerable<string> Names(Certificate certificate) =>
        DistinguishedName.TryDecode(certificate.SubjectDer, out DistinguishedName? subject) ? subject.Values(SubjectAttributes.CommonName.Oid) : [];

    // By their DER: the same address may be written in two ways.
    private static bool HasExactly(Certificate certificate, IReadOnlyList<GeneralName> asked)
    {
        HashSet<string> actual = certificate.Find(ExtensionOids.SubjectAlternativeName) is { } extension ? Elements(extension.Value) : [];
        return actual.SetEquals(asked.Count > 0 ? Elements(SubjectAlternativeName.Encode(asked)) : []);
    }

    private static HashSet<string> Elements(ReadOnlyMemory<byte> generalNames)
    {
        var elements = new HashSet<string>();
        AsnReader reader = new AsnReader(generalNames, AsnEncodingRules.DER).ReadSequence();
        while (reader.HasData)
        {
            elements.Add(Convert.ToHexString(reader.ReadEncodedValue().Span));
        }

        return elements;
    }
}
