using System.Globalization;
using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>Sizes that are known before anything is signed (contract 12.26): whoever asks for too much learns it while the key
/// is still unused.</summary>
internal static class SizeRules
{
    /// <summary>Octets of DER that a certificate will have; null: nothing is signed with such a key.</summary>
    public static int? OctetsOf(CertificateTemplate template, CertificateAuthority issuing) =>
        KeySpecs.Of(issuing.Certificate.PublicKey!) is { } spec ? CertificateSize.Of(template, spec) : null;

    /// <summary>Why a certificate or the answer with it would be too large; null when neither is.</summary>
    /// <param name="issue">What would be done.</param>
    /// <param name="octets">Of the certificate.</param>
    public static Rejection? WhyNot(IssueDecision.Issue issue, int? octets) => octets is not { } size ? null
        : size > CertificateSize.MaxOctets ? TooLarge("Certificate", size, CertificateSize.MaxOctets)
        : AnswerBytes(issue, size) is > OperationResult.MaxBytes and int bytes ? TooLarge("Answer", bytes, OperationResult.MaxBytes)
        : null;

    // The answer as it will be, with a certificate of that size in it.
    private static int AnswerBytes(IssueDecision.Issue issue, int octets)
    {
        var record = new CertificateRecord
        {
            CommonName = issue.Requested.CommonName!,
            SerialNumber = issue.Template.SerialNumber,
            Issued = issue.Template.NotBefore,
            Expires = issue.Template.NotAfter,
            CertificatePem = Pem.Encode(Pem.CertificateLabel, new byte[octets]),
        };
        return Encoding.UTF8.GetByteCount(IssueAnswer.Issued(record, issue.Requested, issue.Warnings, issue.Issuing, issue.Root).Json);
    }

    private static Rejection TooLarge(string what, int bytes, int most) => new(
        RejectionCode.TooLarge, null, string.Create(CultureInfo.InvariantCulture, $"{what} would be too large: {bytes} bytes, {most} at most"));
}
