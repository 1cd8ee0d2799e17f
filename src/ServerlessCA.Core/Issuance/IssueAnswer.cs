using System.Text.Json;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>The answers to a request, as JSON (contract section 5).</summary>
internal static class IssueAnswer
{
    /// <summary>A refusal, with its kind for programs.</summary>
    public static string Error(Rejection why) => ContractJson.Object(writer =>
    {
        writer.WriteString("error", why.Message);
        writer.WriteString("code", RejectionCodes.NameOf(why.Code));
        ContractJson.WriteWarnings(writer, why.Remark is { } remark ? [remark] : []);
    });

    /// <summary>Both CAs.</summary>
    public static string Chain(Certificate root, Certificate issuing) =>
        ContractJson.Object(writer => WriteChain(writer, root, issuing));

    /// <summary>A certificate that is stored.</summary>
    public static IssueOutcome.Issued Issued(
        CertificateRecord record, RequestedContents requested, IReadOnlyList<string> warnings, CertificateAuthority issuing, CertificateAuthority root, bool repeated = false)
    {
        string subject = requested.Subject!.ToString();
        string json = ContractJson.Object(writer =>
        {
            string pem = requested.Request.CertBundle ? record.CertificatePem + issuing.Certificate.Pem + root.Certificate.Pem : record.CertificatePem;
            ContractJson.WriteCertificateInfo(writer, record);
            writer.WriteString("Base64Certificate", ContractJson.Base64(pem));
            writer.WriteString("Subject", subject);
            WriteChain(writer, root.Certificate, issuing.Certificate);
            ContractJson.WriteWarnings(writer, warnings);
        });
        return new IssueOutcome.Issued(record, subject, warnings, json, repeated);
    }

    private static void WriteChain(Utf8JsonWriter writer, Certificate root, Certificate issuing)
    {
        writer.WriteString("Base64IssuingCaCertificate", ContractJson.Base64(issuing.Pem));
        writer.WriteString("Base64RootCaCertificate", ContractJson.Base64(root.Pem));
        writer.WriteString("Base64CaChain", ContractJson.Base64(issuing.Pem + root.Pem.TrimEnd('\n'))); // as the original ends it
    }
}
