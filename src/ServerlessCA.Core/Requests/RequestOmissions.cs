using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>What an otherwise good request does not get, as far as its CSR tells, and what will surprise whoever uses the
/// certificate (contract 12.24). Values that the request gives instead of the CSR's are no omissions: that is what they are for.</summary>
internal static class RequestOmissions
{
    private const string UsedForExtensions = "1.2.840.113549.1.9.14"; // extensionRequest, RFC 2985 §5.4.2
    private const string UsedForExtensionsByMicrosoft = "1.3.6.1.4.1.311.2.1.14"; // the same, older

    /// <summary>What is told of a certificate for servers without any name.</summary>
    public const string NoName =
        "sans: a certificate for servers without any name is of little use: TLS programs look for the host's name there, not in common_name";

    private static readonly Dictionary<string, string> AttributeNames = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.9.2"] = "unstructuredName", // RFC 2985 §5.4.3
        ["1.2.840.113549.1.9.7"] = "challengePassword", // RFC 2985 §5.4.1
        ["1.2.840.113549.1.9.8"] = "unstructuredAddress", // RFC 2985 §5.4.4
    };

    /// <summary>Lists it.</summary>
    /// <param name="requested">A request with its CSR.</param>
    /// <param name="granted">The custom extensions that it gets.</param>
    public static IEnumerable<string> Of(RequestedContents requested, IReadOnlyList<CertificateExtension> granted)
    {
        CertificateSigningRequest csr = requested.Csr!;
        if (requested.MissingName is { } missing)
        {
            yield return missing;
        }

        if (CsrSignatureAlgorithm.WarningOf(csr.SignatureDigest) is { } weak)
        {
            yield return weak;
        }

        foreach (string subject in OfSubject(csr))
        {
            yield return subject;
        }

        foreach (RequestAttribute attribute in csr.Attributes)
        {
            foreach (string omission in OfAttribute(attribute, requested, granted))
            {
                yield return omission;
            }
        }
    }

    /// <summary>Whether a CSR asks for the certificate of a CA.</summary>
    public static bool AsksForCa(CertificateSigningRequest csr) =>
        csr.Attributes.Any(attribute => IsExtensionRequest(attribute) && CsrExtensionOmissions.AsksForCa(attribute.Value));

    private static IEnumerable<string> OfSubject(CertificateSigningRequest csr) =>
        !DistinguishedName.TryDecode(csr.SubjectDer, out DistinguishedName? subject) ? []
        : from rdn in subject.Rdns
          from attribute in rdn
          where SubjectAttributes.All.All(known => known.Oid != attribute.Oid)
          select $"CSR: {DirectoryKeywords.NameOf(attribute.Oid)} '{Excerpt.Of(attribute.Value)}' of the subject was left out: "
              + $"certificates have {DirectoryKeywords.OfSubjects} only";

    private static bool IsExtensionRequest(RequestAttribute attribute) => attribute.Oid is UsedForExtensions or UsedForExtensionsByMicrosoft;

    // Never its value: a challenge password is a secret.
    private static IEnumerable<string> OfAttribute(RequestAttribute attribute, RequestedContents requested, IReadOnlyList<CertificateExtension> granted) =>
        IsExtensionRequest(attribute)
            ? CsrExtensionOmissions.Of(attribute.Value, requested, granted)
            : [$"CSR: attribute {AttributeNames.GetValueOrDefault(attribute.Oid, attribute.Oid)} was left out: the CA has no use for it"];
}
