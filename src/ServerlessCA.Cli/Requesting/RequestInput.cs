using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Requesting;

/// <summary>CSRs as requests carry them.</summary>
internal static class RequestInput
{
    private const int MaxOctets = 128 * 1024; // twice what the CA takes: it shall do the refusing
    private const byte Sequence = 0x30; // how DER begins, and PEM never

    /// <summary>Reads <c>--csr</c>, PEM or DER, which may be standard input.</summary>
    /// <returns>PEM, or whatever other text the file holds: the CA judges it.</returns>
    /// <exception cref="CommandFault">It cannot be read, or is no text.</exception>
    public static async Task<CsrSource> ReadCsrAsync(string path, Surroundings here, CancellationToken cancellation)
    {
        byte[] content = await AnyInput.ReadAsync(path, "--csr", MaxOctets, here, cancellation);
        return new CsrSource.PemText(content is [Sequence, ..] ? Pem.Encode(Pem.RequestLabel, content) : InputFile.TextOf(content, $"--csr '{path}'"));
    }

    /// <summary>Takes the common name of a CSR that is in the request, where nobody gave another (contract 12.25).</summary>
    /// <exception cref="CommandFault">The CSR cannot be read, or has no name or several.</exception>
    public static CertificateRequest WithName(CertificateRequest request)
    {
        if (RequestWriter.Says(request, RequestKeys.CommonName) || request.Csr is not CsrSource.PemText { Text: var pem })
        {
            return request;
        }

        if (!CertificateSigningRequest.TryParsePem(pem, out CertificateSigningRequest? csr, out string? why))
        {
            throw CommandFault.Usage(why, "correct it, or send another one");
        }

        string[] names = DistinguishedName.TryDecode(csr.SubjectDer, out DistinguishedName? subject)
            ? [.. subject.Values(SubjectAttributes.CommonName.Oid).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)]
            : [];
        return names.Length == 1 ? request with { CommonName = names[0] } : throw CommandFault.Usage(
            names.Length == 0 ? "neither the request nor the CSR has a common name" : $"the CSR has {names.Length} common names",
            "give one: --common-name client.example.com");
    }

    /// <summary>Whether a request has a CSR of its own, from <c>--file</c>; be it right or wrong.</summary>
    public static bool HasCsr(CertificateRequest request) =>
        RequestWriter.Says(request, RequestKeys.CsrFile) || RequestWriter.Says(request, RequestKeys.Base64CsrData);
}
