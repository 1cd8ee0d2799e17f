using System.Globalization;
using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>Sizes that are known before anything is signed (SPEC 12.26): whoever asks for too much learns it while the key
/// is still unused.</summary>
internal static class SizeRules
{
    /// <summary>Why a certificate or the answer with it would be too large; null when neither is.</summary>
    /// <param name="attempt">The request.</param>
    /// <param name="template">What would be signed.</param>
    public static Rejection? Check(IssueAttempt attempt, CertificateTemplate template)
    {
        if (KeySpecs.Of(attempt.Issuing.Certificate.PublicKey!) is not { } issuer)
        {
            return null; // nothing is signed with such a key
        }

        int octets = CertificateSize.Of(template, issuer);
        return octets > CertificateSize.MaxOctets ? TooLarge("Certificate", octets, CertificateSize.MaxOctets)
            : AnswerBytes(attempt, template, octets) is > OperationResult.MaxBytes and int bytes ? TooLarge("Answer", bytes, OperationResult.MaxBytes)
            : null;
    }

    // The answer as it will be, with a certificate of that size in it.
    private static int AnswerBytes(IssueAttempt attempt, CertificateTemplate template, int octets)
    {
        var record = new CertificateRecord
        {
            CommonName = attempt.Request.CommonName,
            SerialNumber = template.SerialNumber,
            Issued = template.NotBefore,
            Expires = template.NotAfter,
            CertificatePem = Pem.Encode(Pem.CertificateLabel, new byte[octets]),
        };
        return Encoding.UTF8.GetByteCount(attempt.Issued(record, repeated: false).Json);
    }

    private static Rejection TooLarge(string what, int bytes, int most) => new(
        RejectionCode.TooLarge, null, string.Create(CultureInfo.InvariantCulture, $"{what} would be too large: {bytes} bytes, {most} at most"));
}
