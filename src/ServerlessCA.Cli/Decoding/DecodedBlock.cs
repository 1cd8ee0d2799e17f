using System.Diagnostics.CodeAnalysis;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Decoding;

/// <summary>A certificate or a CSR that <c>decode</c> found. Immutable.</summary>
/// <param name="Pem">With the final newline; the same whatever the input's line ends were.</param>
/// <param name="Certificate">The certificate; null for a CSR.</param>
/// <param name="Request">The CSR; null for a certificate, and for a CSR that no CA of ours would take.</param>
internal sealed record DecodedBlock(string Pem, Certificate? Certificate, CertificateSigningRequest? Request)
{
    private const string OldRequestLabel = "NEW CERTIFICATE REQUEST"; // RFC 7468 §7: readers take it, too

    /// <summary>Of DER, whichever of the two it is.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out DecodedBlock? block)
    {
        block = Certificate.TryDecode(der, out Certificate? certificate) ? new DecodedBlock(certificate.Pem, certificate, null)
            : CertificateSigningRequest.TryParseDer(der, out CertificateSigningRequest? request, out _) ? new DecodedBlock(request.Pem, null, request)
            : null;
        return block is not null;
    }

    /// <summary>Of a PEM block; null when it holds something else, such as a key, which is never shown.</summary>
    public static DecodedBlock? Of(ReadOnlySpan<char> label, byte[] der) =>
        TryDecode(der, out DecodedBlock? block) ? block
        : label is Core.Certificates.Pem.RequestLabel or OldRequestLabel
            ? new DecodedBlock(Core.Certificates.Pem.Encode(Core.Certificates.Pem.RequestLabel, der), null, null)
            : null;
}
