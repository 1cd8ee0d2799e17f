using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Requesting;

/// <summary>CSRs as requests carry them.</summary>
internal static class RequestInput
{
    private const int MaxOctets = 128 * 1024; // twice what the CA takes: it shall do the refusing
    private const byte Sequence = 0x30; // how DER begins, and PEM never

    /// <summary>Reads <c>--csr</c>, PEM or DER, which may be standard input.</summary>
    /// <returns>PEM, or whatever other text the file holds: the CA judges it.</returns>
    /// <exception cref="CommandFault">It cannot be read, or is no text.</exception>
    public static async Task<string> ReadCsrAsync(string path, Surroundings here, CancellationToken cancellation)
    {
        byte[] content = await AnyInput.ReadAsync(path, "--csr", MaxOctets, here, cancellation);
        return content is [Sequence, ..] ? Pem.Encode(Pem.RequestLabel, content) : InputFile.TextOf(content, $"--csr '{path}'");
    }

    /// <summary>Takes the common name of a CSR that is in the request, where nobody gave another (SPEC 12.25).</summary>
    /// <exception cref="CommandFault">The CSR cannot be read, or has no name or several.</exception>
    public static void TakeName(JsonObject request)
    {
        if (request[RequestKeys.CommonName] is not null || PemOf(request) is not { } pem)
        {
            return;
        }

        if (!CertificateSigningRequest.TryParsePem(pem, out CertificateSigningRequest? csr, out string? why))
        {
            throw CommandFault.Usage(why, "correct it, or send another one");
        }

        string[] names = DistinguishedName.TryDecode(csr.SubjectDer, out DistinguishedName? subject)
            ? [.. subject.Values(SubjectAttributes.CommonName.Oid).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)]
            : [];
        request[RequestKeys.CommonName] = names.Length == 1 ? names[0] : throw CommandFault.Usage(
            names.Length == 0 ? "neither the request nor the CSR has a common name" : $"the CSR has {names.Length} common names",
            "give one: --common-name client.example.com");
    }

    /// <summary>Puts a CSR into a request, instead of any other.</summary>
    public static void SetCsr(JsonObject request, string pem)
    {
        request.Remove(RequestKeys.CsrFile);
        request[RequestKeys.Base64CsrData] = Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));
    }

    /// <summary>Whether a request has a CSR of its own, from <c>--file</c>.</summary>
    public static bool HasCsr(JsonObject request) =>
        request[RequestKeys.CsrFile] is not null || request[RequestKeys.Base64CsrData] is not null;

    /// <summary>The key of the CSR in a request; null when it names a file of the CA's, or there is none to read.</summary>
    public static PublicKey? KeyOf(JsonObject request)
    {
        return PemOf(request) is { } pem && CertificateSigningRequest.TryParsePem(pem, out CertificateSigningRequest? csr, out _)
            ? csr.PublicKey
            : null;
    }

    private static string? PemOf(JsonObject request)
    {
        string base64 = JsonRequest.Text(request, RequestKeys.Base64CsrData) ?? "";
        byte[] content = new byte[base64.Length];
        bool read = Convert.TryFromBase64String(base64, content, out int length) && length > 0 && request[RequestKeys.CsrFile] is null;
        return read && TextFile.TryRead(content.AsSpan(0, length), out string? pem, out _) ? pem : null;
    }

    /// <summary>As it goes to the CA.</summary>
    public static byte[] Utf8(JsonObject request) => Encoding.UTF8.GetBytes(request.ToJsonString());
}
