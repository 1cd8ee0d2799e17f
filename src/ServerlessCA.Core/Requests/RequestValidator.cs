using System.Numerics;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Requests;

/// <summary>Turns an <see cref="IssueRequest"/> into a <see cref="ValidatedRequest"/> or a <see cref="Rejection"/>.
/// Faults are looked for in the contract's order: fields, name, CSR, subject. What the contract tells only after key
/// reuse waits in <see cref="RequestFields.LateFault"/>.</summary>
internal sealed class RequestValidator(CaSettings settings, IInternalFiles files)
{
    private const byte Sequence = 0x30; // how DER begins, and PEM never

    private readonly RequestReader reader = new(settings);

    public RequestFields Read(IssueRequest request) => reader.Read(request);

    public async Task<RequestReview> ReviewAsync(IssueRequest request, RequestFields fields, CancellationToken cancellation)
    {
        var review = new RequestReview(request, fields);
        if (FieldFault(request, fields) is { } fault)
        {
            return review with { Fault = fault, CsrText = fields.CsrFile is null ? Decode(fields.Base64CsrData).Pem : null };
        }

        (string? pem, Rejection? unread) = fields.CsrFile is { } file
            ? await ReadFileAsync(file, cancellation)
            : Decode(fields.Base64CsrData);
        if (pem is null)
        {
            return review with { Fault = unread };
        }

        review = review with { CsrText = pem };
        return CertificateSigningRequest.TryParsePem(pem, out CertificateSigningRequest? csr, out string? why)
            ? WithSubject(review with { Csr = csr })
            : NotAccepted(review, why);
    }

    private Rejection? FieldFault(IssueRequest request, RequestFields fields)
    {
        if (fields.Faults.Count > 0)
        {
            return Rejection.Of(fields.Faults);
        }

        bool hasCsr = fields.CsrFile is not null || !string.IsNullOrWhiteSpace(fields.Base64CsrData);
        return fields.CommonName is { } name ? ReservedFault(request, name)
            : hasCsr ? null // its name counts
            : Rejection.Malformed(RequestKeys.CommonName, "common_name is missing: name the subject of the certificate");
    }

    private Rejection? ReservedFault(IssueRequest request, string commonName) => settings.Names.IsReserved(commonName)
        ? new Rejection(RejectionCode.NameReserved, RequestKeys.CommonName, "Common name is reserved")
        : request.Rights.WhyNot(commonName);

    private async Task<(string? Pem, Rejection? Why)> ReadFileAsync(string file, CancellationToken cancellation)
    {
        StoredFile? stored = await files.ReadAsync($"csrs/{file}", cancellation);
        if (stored is null)
        {
            return (null, new Rejection(
                RejectionCode.CsrFileNotFound, RequestKeys.CsrFile, $"CSR file '{Excerpt.Of(file)}' not found in {files.Location}"));
        }

        return TextFile.TryRead(stored.Content.Span, out string? text, out TextFault? fault)
            ? (text, null)
            : (null, new Rejection(
                RejectionCode.CsrNotAccepted, RequestKeys.CsrFile, $"CSR file '{Excerpt.Of(file)}' is not PEM text: {Describe(stored.Content.Span, fault)}"));
    }

    private static (string? Pem, Rejection? Why) Decode(string? base64)
    {
        if (string.IsNullOrWhiteSpace(base64))
        {
            return (null, Rejection.Malformed(
                RequestKeys.Base64CsrData, "base64_csr_data is missing: give a CSR as base64 of its PEM text, or name a csr_file"));
        }

        byte[] bytes = new byte[base64.Length];
        bool decoded = Convert.TryFromBase64String(base64, bytes, out int count);
        string? text = null;
        TextFault? fault = null;
        bool read = decoded && TextFile.TryRead(bytes.AsSpan(0, count), out text, out fault);
        string? why = read ? null
            : base64.Contains("-----BEGIN", StringComparison.Ordinal) ? "base64_csr_data is PEM: give base64 of the whole PEM text"
            : !decoded ? "base64_csr_data is not base64"
            : bytes[0] == Sequence ? "base64_csr_data holds DER: give base64 of the PEM text"
            : $"base64_csr_data does not hold PEM text: {fault}";
        return (text, why is null ? null : Rejection.Malformed(RequestKeys.Base64CsrData, why));
    }

    // A CSR that can be read is refused for its key or signature in the contract's words; else the field is named.
    private static RequestReview NotAccepted(RequestReview review, string why)
    {
        RequestFields fields = review.Fields;
        bool readable = CertificateSigningRequest.TryReadSubject(review.CsrText!, out ReadOnlyMemory<byte> subjectDer);
        string field = fields.CsrFile is null ? RequestKeys.Base64CsrData : RequestKeys.CsrFile;
        DistinguishedName? subject = readable ? RequestedSubject.Compose(fields, subjectDer, out _) : null;
        return review with
        {
            Subject = subject,
            Fields = fields with { CommonName = subject?.Values(SubjectAttributes.CommonName.Oid).Single() ?? fields.CommonName },
            Fault = new Rejection(RejectionCode.CsrNotAccepted, field, readable ? why : $"{field}: {why}"),
        };
    }

    private RequestReview WithSubject(RequestReview review)
    {
        DistinguishedName? subject = RequestedSubject.Compose(review.Fields, review.Csr!.SubjectDer, out Rejection? why);
        if (subject is null)
        {
            return review with { Fault = why };
        }

        // From here on it does not matter where the name came from (SPEC 12.25).
        string commonName = subject.Values(SubjectAttributes.CommonName.Oid).Single();
        review = review with { Subject = subject, Fields = review.Fields with { CommonName = commonName } };
        return ReservedFault(review.Request, commonName) is { } reserved
            ? review with { Fault = reserved }
            : review with { Valid = Validated(review, subject) };
    }

    private ValidatedRequest Validated(RequestReview review, DistinguishedName subject)
    {
        RequestFields fields = review.Fields;
        return new ValidatedRequest
        {
            CommonName = fields.CommonName!,
            Subject = subject,
            Csr = review.Csr!,
            LifetimeDays = (int)BigInteger.Clamp(fields.Lifetime, 0, settings.MaxCertLifetime),
            ExtendedKeyUsages = fields.ExtendedKeyUsages,
            Sans = fields.Sans,
            CustomExtensions = fields.CustomExtensions,
            ForceIssue = fields.ForceIssue,
            CertBundle = fields.CertBundle,
            NotifyExpiry = fields.NotifyExpiry,
            NotifyIssued = fields.NotifyIssued,
            IdempotencyToken = fields.IdempotencyToken,
            Hash = review.HashWithCsr,
            NamesCsrFile = fields.CsrFile is not null,
            Warnings = fields.Warnings.With(RequestOmissions.Of(fields, review.Csr!)),
        };
    }

    private static string Describe(ReadOnlySpan<byte> content, TextFault fault) =>
        content is [Sequence, ..] ? "it holds DER: convert it with openssl req -inform DER" : fault.ToString();
}
