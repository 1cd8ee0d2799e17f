using System.Text.Json;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>The answers to a request, as JSON (SPEC section 5).</summary>
internal static class IssueAnswer
{
    public static string Error(Rejection why) => ContractJson.Object(writer =>
    {
        writer.WriteString("error", why.Message);
        WriteWarnings(writer, why.Remark is { } remark ? [remark] : []);
    });

    public static string Chain(Certificate root, Certificate issuing) =>
        ContractJson.Object(writer => WriteChain(writer, root, issuing));

    public static string Issued(
        CertificateRecord record, string subject, ValidatedRequest request, IReadOnlyList<string> warnings, Certificate root, Certificate issuing) =>
        ContractJson.Object(writer =>
        {
            string pem = request.CertBundle ? record.CertificatePem + issuing.Pem + root.Pem : record.CertificatePem;
            ContractJson.WriteCertificateInfo(writer, record);
            writer.WriteString("Base64Certificate", ContractJson.Base64(pem));
            writer.WriteString("Subject", subject);
            WriteChain(writer, root, issuing);
            WriteWarnings(writer, warnings);
        });

    private static void WriteChain(Utf8JsonWriter writer, Certificate root, Certificate issuing)
    {
        writer.WriteString("Base64IssuingCaCertificate", ContractJson.Base64(issuing.Pem));
        writer.WriteString("Base64RootCaCertificate", ContractJson.Base64(root.Pem));
        writer.WriteString("Base64CaChain", ContractJson.Base64(issuing.Pem + root.Pem.TrimEnd('\n'))); // as the original ends it
    }

    private static void WriteWarnings(Utf8JsonWriter writer, IReadOnlyList<string> warnings)
    {
        if (warnings.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("Warnings");
        foreach (string warning in warnings)
        {
            writer.WriteStringValue(warning);
        }

        writer.WriteEndArray();
    }
}
