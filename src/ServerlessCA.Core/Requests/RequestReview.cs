using ServerlessCA.Core.Names;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Requests;

/// <summary>Reviews a request and its CSR. Looks for faults in the contract's order: fields, name, CSR, subject.
/// <see cref="RequestRules"/> has the refusals that the contract reports only after key reuse.</summary>
/// <param name="settings">The CA's settings.</param>
/// <param name="files">Where the CSRs of entries are.</param>
/// <param name="proofs">What a run knows of their signatures; null: every signature is verified.</param>
internal sealed class RequestReview(CaSettings settings, IInternalFiles files, CsrProofs? proofs = null)
{
    /// <summary>Reads a request's CSR, and says why it is refused if it is.</summary>
    /// <exception cref="FilesUnavailableException">The CSR's file cannot be read now.</exception>
    public async Task<RequestedContents> RunAsync(CertificateRequest request, CancellationToken cancellation)
    {
        RequestedContents requested = Unread(request);
        if (FieldFault(request) is { } fault)
        {
            return requested with { Fault = fault, CsrText = (request.Csr as CsrSource.PemText)?.Text };
        }

        (string? pem, Rejection? why) = request.Csr switch
        {
            CsrSource.File { Name: var file } => await ReadFileAsync(file, cancellation),
            CsrSource.PemText { Text: var text } => (text, null),
            CsrSource.Unread { Why: var unread } => (null, unread),
            _ => (null, Rejection.Malformed(
                RequestKeys.Base64CsrData, "base64_csr_data is missing: give a CSR as base64 of its PEM text, or name a csr_file")),
        };
        if (pem is null)
        {
            return requested with { Fault = why };
        }

        (CertificateSigningRequest? csr, string? refused) = await ReadCsrAsync(request, pem, cancellation);
        return csr is not null ? WithSubject(requested with { CsrText = pem, Csr = csr }) : NotAccepted(requested with { CsrText = pem }, refused!);
    }

    private async Task<(CertificateSigningRequest? Csr, string? Why)> ReadCsrAsync(CertificateRequest request, string pem, CancellationToken cancellation)
    {
        if (proofs is not null && request.CsrFile is not null)
        {
            return await proofs.ReadAsync(pem, cancellation);
        }

        return CertificateSigningRequest.TryParsePem(pem, out CertificateSigningRequest? csr, out string? why) ? (csr, null) : (null, why);
    }

    /// <summary>Returns the contents of a request whose CSR need not be read.</summary>
    public RequestedContents Unread(CertificateRequest request) => new(request, settings.SingleLabelNames) { Warnings = request.Warnings };

    private Rejection? FieldFault(CertificateRequest request) =>
        request.Faults.Count > 0 ? Rejection.Of(request.Faults)
        : request.CommonName is { } name ? ReservedFault(request, name)
        : request.Csr is not null ? null // the CSR's name counts
        : Rejection.Malformed(RequestKeys.CommonName, "common_name is missing: name the subject of the certificate");

    private Rejection? ReservedFault(CertificateRequest request, string commonName) => settings.Names.IsReserved(commonName)
        ? new Rejection(RejectionCode.NameReserved, RequestKeys.CommonName, "Common name is reserved")
        : request.Rights.WhyNot(commonName);

    private async Task<(string? Pem, Rejection? Why)> ReadFileAsync(string file, CancellationToken cancellation)
    {
        StoredFile? stored = await files.ReadAsync(GitOpsEntries.CsrKey(file), cancellation);
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

    // If the CSR can be read, its key or signature is refused in the contract's words; otherwise the message names the field.
    private static RequestedContents NotAccepted(RequestedContents requested, string why)
    {
        bool readable = CertificateSigningRequest.TryReadSubject(requested.CsrText!, out ReadOnlyMemory<byte> subjectDer);
        string field = FieldOfCsr(requested.Request);
        return requested with
        {
            Subject = readable && DistinguishedName.TryDecode(subjectDer, out DistinguishedName? subject)
                ? RequestedSubject.Compose(requested.Request, subject, out _)
                : null,
            Fault = new Rejection(RejectionCode.CsrNotAccepted, field, readable ? why : $"{field}: {why}"),
        };
    }

    private RequestedContents WithSubject(RequestedContents requested)
    {
        DistinguishedName? subject = RequestedSubject.Compose(requested.Request, requested.Csr!.Subject, out Rejection? why);
        if (subject is null)
        {
            return requested with { Fault = why };
        }

        // From here on it does not matter where the name came from (contract 12.25).
        requested = requested with { Subject = subject };
        return requested.Request.CommonName is null && ReservedFault(requested.Request, requested.CommonName!) is { } reserved
            ? requested with { Fault = reserved }
            : requested with { Warnings = requested.Warnings.With(RequestOmissions.Of(requested, ExtensionRules.Granted(requested.Request, settings))) };
    }

    /// <summary>Returns the key of the request that holds the CSR.</summary>
    public static string FieldOfCsr(CertificateRequest request) => request.CsrFile is null ? RequestKeys.Base64CsrData : RequestKeys.CsrFile;

    private static string Describe(ReadOnlySpan<byte> content, TextFault fault) =>
        RequestReader.BeginsAsDer(content) ? "it holds DER: convert it with openssl req -inform DER" : fault.ToString();
}
