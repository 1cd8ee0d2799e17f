using System.Numerics;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Requests;

/// <summary>Reads a request's fields (SPEC section 5): every key, every documented form.</summary>
internal sealed class RequestReader(CaSettings settings)
{
    private const int MaxSubjectText = 4096;   // characters; our decision, the names check more closely
    private const int MaxCsrText = 256 * 1024; // characters; a CSR has at most 64 KiB
    private const int MaxFileName = 1024;      // octets of an S3 key
    private const int MaxToken = 256;          // characters; our decision

    public RequestFields Read(IssueRequest request)
    {
        var reader = new FieldReader(request.Json);
        reader.CheckKeys();
        string? commonName = NotEmpty(reader.Text(RequestKeys.CommonName, MaxSubjectText));
        (IReadOnlyList<string> purposes, IReadOnlyList<string> usages) = new UsageReader(reader).Read();
        var extensions = new ExtensionReader(settings.CustomExtensionAllowlist);
        BigInteger lifetime = Lifetime(reader);

        var fields = new RequestFields
        {
            CommonName = commonName,
            Subject = SubjectOf(reader),
            Lifetime = lifetime,
            Purposes = purposes,
            ExtendedKeyUsages = usages,
            GivenSans = new SanReader(reader, settings.SingleLabelNames).Read(),
            SingleLabelNames = settings.SingleLabelNames,
            CustomExtensions = extensions.Read(reader),
            CsrFile = NotEmpty(reader.Text(RequestKeys.CsrFile, MaxFileName)),
            Base64CsrData = reader.Text(RequestKeys.Base64CsrData, MaxCsrText),
            ForceIssue = reader.Flag(RequestKeys.ForceIssue) ?? false,
            CertBundle = reader.Flag(RequestKeys.CertBundle) ?? false,
            CaChainOnly = reader.Flag(RequestKeys.CaChainOnly) ?? false,
            NotifyExpiry = reader.Flag(RequestKeys.NotifyExpiry),
            NotifyIssued = reader.Flag(RequestKeys.NotifyIssued),
            IdempotencyToken = NotEmpty(reader.Text(RequestKeys.IdempotencyToken, MaxToken)),
        };
        return fields with
        {
            Warnings = fields.CsrFile is not null && !string.IsNullOrEmpty(fields.Base64CsrData)
                ? reader.Warnings.With(["base64_csr_data was ignored: csr_file wins over it"])
                : reader.Warnings,
            Faults = reader.Faults,
            LateFault = TooShort(lifetime) ?? NotAllowed(usages) ?? extensions.Fault ?? SpeaksForTheCa(usages),
        };
    }

    /// <summary>The subject's values but the common name, by request key; absent and empty ones are missing.</summary>
    public static Dictionary<string, string> SubjectOf(FieldReader reader)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (SubjectAttribute attribute in SubjectAttributes.All)
        {
            bool isCommonName = attribute.RequestKey == RequestKeys.CommonName;
            string? value = isCommonName ? null : NotEmpty(reader.Text(attribute.RequestKey, MaxSubjectText));
            if (value is not null)
            {
                values[attribute.RequestKey] = value;
            }
        }

        return values;
    }

    private static BigInteger Lifetime(FieldReader reader)
    {
        if (reader.Value(RequestKeys.Lifetime) is not { } value)
        {
            return RequestFields.DefaultLifetime;
        }

        if (!WholeNumber.TryRead(value, out BigInteger days))
        {
            reader.Refuse(RequestKeys.Lifetime, "lifetime must be a whole number of days");
        }

        return days;
    }

    private Rejection? TooShort(BigInteger lifetime)
    {
        BigInteger days = BigInteger.Min(lifetime, settings.MaxCertLifetime);
        return days < 1
            ? new Rejection(RejectionCode.LifetimeTooShort, RequestKeys.Lifetime, $"{days} is too short")
            : null;
    }

    private Rejection? NotAllowed(IReadOnlyList<string> usages)
    {
        IReadOnlyList<string> allowed = settings.ExtendedKeyUsageAllowlist;
        string? refused = allowed.Count == 0 ? null : usages.FirstOrDefault(usage => !allowed.Contains(usage, StringComparer.Ordinal));
        return refused is null ? null : new Rejection(
            RejectionCode.UsageRefused, RequestKeys.ExtendedKeyUsages, $"extended_key_usages: {refused} is not in the configured allowlist");
    }

    private Rejection? SpeaksForTheCa(IReadOnlyList<string> usages) =>
        usages.Contains(ExtendedKeyUsage.OcspSigning, StringComparer.Ordinal) && !settings.AllowOcspSigning
            ? new Rejection(RejectionCode.OcspSigningRefused, RequestKeys.ExtendedKeyUsages, "OCSP_SIGNING is not allowed")
            : null;

    private static string? NotEmpty(string? text) => text is "" ? null : text;
}
