using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text.Json;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Requests;

/// <summary>Reads requests from JSON (contract section 5): every key, every documented form. Notes faults of fields in the
/// request, so that the decision can report them in the contract's order. <see cref="RequestWriter"/> does the
/// reverse.</summary>
public static class RequestReader
{
    /// <summary>Limits the bytes of a request. Our decision: a certificate's worth of names is a tenth of it.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const int MaxSubjectText = 4096;   // characters; our decision, the names check more closely

    /// <summary>Limits the characters of base64; a CSR has at most 64 KiB.</summary>
    internal const int MaxCsrText = 256 * 1024;

    /// <summary>Limits a file name to the octets of an S3 key.</summary>
    internal const int MaxFileName = 1024;

    /// <summary>Limits the characters of a token; our decision.</summary>
    internal const int MaxToken = 256;

    /// <summary>Reads a request; refuses anything but a JSON object of sane size and Unicode. Never throws.</summary>
    /// <param name="utf8">The request as it was sent.</param>
    /// <param name="singleLabels">Whether alternative names may have one label:
    /// <see cref="Settings.CaSettings.SingleLabelNames"/>.</param>
    /// <param name="request">The request; null when it is refused.</param>
    /// <param name="why">The refusal; null when the request was read.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> utf8, bool singleLabels, [NotNullWhen(true)] out CertificateRequest? request, [NotNullWhen(false)] out Rejection? why)
    {
        request = null;
        if (utf8.Length > MaxBytes)
        {
            why = Rejection.Malformed("", $"request has {utf8.Length} bytes: at most {MaxBytes} are accepted");
            return false;
        }

        try
        {
            return TryRead(JsonElement.Parse(utf8.Span), singleLabels, out request, out why);
        }
        catch (JsonException fault)
        {
            why = Rejection.Malformed("", $"request is not JSON: {JsonFaults.Place(fault)}");
            return false;
        }
    }

    /// <summary>Reads an element of a larger document, such as one entry of <c>tls.json</c>.</summary>
    /// <param name="json">Used without a copy: do not dispose of its document.</param>
    /// <param name="singleLabels">Whether alternative names may have one label.</param>
    /// <param name="request">The request; null when it is refused.</param>
    /// <param name="why">The refusal; null when the request was read.</param>
    public static bool TryRead(
        JsonElement json, bool singleLabels, [NotNullWhen(true)] out CertificateRequest? request, [NotNullWhen(false)] out Rejection? why)
    {
        why = json.ValueKind != JsonValueKind.Object ? Rejection.Malformed("", "request must be a JSON object")
            : !JsonFaults.IsUnicode(json) ? Rejection.Malformed("", "request has text that is not well-formed Unicode")
            : null;
        request = why is null ? Read(json, singleLabels) : null;
        return request is not null;
    }

    private static CertificateRequest Read(JsonElement json, bool singleLabels)
    {
        var reader = new FieldReader(json);
        IReadOnlyList<RequestKeyFault> keyFaults = reader.CheckKeys();
        var usages = new UsageReader(reader);
        var request = new CertificateRequest
        {
            CommonName = NotEmpty(reader.Text(RequestKeys.CommonName, MaxSubjectText)),
            Purposes = usages.Purposes(),
            ExtendedKeyUsages = usages.Named(),
            Lifetime = Lifetime(reader),
            Subject = Subject(reader),
            Sans = new SanReader(reader, singleLabels).Read(),
            Extensions = ExtensionReader.Read(reader),
            Csr = Csr(reader),
            ForceIssue = reader.Flag(RequestKeys.ForceIssue) ?? false,
            CertBundle = reader.Flag(RequestKeys.CertBundle) ?? false,
            CaChainOnly = reader.Flag(RequestKeys.CaChainOnly) ?? false,
            NotifyExpiry = reader.Flag(RequestKeys.NotifyExpiry),
            NotifyIssued = reader.Flag(RequestKeys.NotifyIssued),
            IdempotencyToken = NotEmpty(reader.Text(RequestKeys.IdempotencyToken, MaxToken)),
            KeyFaults = keyFaults,
            Faults = reader.Faults, // of the fields above
            Warnings = reader.Warnings,
        };
        return request with { Origin = new RequestOrigin(json, request) };
    }

    // Leaves out the common name, which is a field of its own.
    private static Dictionary<string, string> Subject(FieldReader reader)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string key in SubjectAttributes.All.Select(attribute => attribute.RequestKey).Where(key => key != RequestKeys.CommonName))
        {
            if (NotEmpty(reader.Text(key, MaxSubjectText)) is { } value)
            {
                values[key] = value;
            }
        }

        return values;
    }

    private static BigInteger? Lifetime(FieldReader reader)
    {
        if (reader.Value(RequestKeys.Lifetime) is not { } value)
        {
            return null;
        }

        if (!WholeNumber.TryRead(value, out BigInteger days))
        {
            reader.Refuse(RequestKeys.Lifetime, "lifetime must be a whole number of days");
        }

        return days;
    }

    private static CsrSource? Csr(FieldReader reader)
    {
        string? file = NotEmpty(reader.Text(RequestKeys.CsrFile, MaxFileName));
        if (file is null && reader.Octets(RequestKeys.Base64CsrData, MaxCsrText) is { Length: > 0 } octets && TextFile.TryRead(octets, out string? pem, out _))
        {
            return new CsrSource.PemText(pem);
        }

        string? base64 = reader.Text(RequestKeys.Base64CsrData, MaxCsrText);
        if (file is null)
        {
            return string.IsNullOrWhiteSpace(base64) ? null : Decode(base64);
        }

        if (!string.IsNullOrEmpty(base64))
        {
            reader.Ignore("base64_csr_data was ignored: csr_file wins over it");
        }

        return new CsrSource.File(file);
    }

    private static CsrSource Decode(string base64)
    {
        byte[] bytes = new byte[base64.Length];
        bool decoded = Convert.TryFromBase64String(base64, bytes, out int count);
        string? text = null;
        TextFault? fault = null;
        if (decoded && TextFile.TryRead(bytes.AsSpan(0, count), out text, out fault))
        {
            return new CsrSource.PemText(text);
        }

        return new CsrSource.Unread(Rejection.Malformed(
            RequestKeys.Base64CsrData,
            base64.Contains("-----BEGIN", StringComparison.Ordinal) ? "base64_csr_data is PEM: give base64 of the whole PEM text"
            : !decoded ? "base64_csr_data is not base64"
            : BeginsAsDer(bytes) ? "base64_csr_data holds DER: give base64 of the PEM text"
            : $"base64_csr_data does not hold PEM text: {fault}"));
    }

    /// <summary>Says whether content that should be PEM is DER, which begins with a SEQUENCE: PEM never does.</summary>
    internal static bool BeginsAsDer(ReadOnlySpan<byte> content) => content is [0x30, ..];

    private static string? NotEmpty(string? text) => text is "" ? null : text;
}
