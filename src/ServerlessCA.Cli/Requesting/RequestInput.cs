using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Requesting;

/// <summary>CSRs as requests carry them.</summary>
internal static class RequestInput
{
    private const int MaxOctets = 128 * 1024; // twice what the CA takes: it shall do the refusing
    private const byte Sequence = 0x30; // how DER begins, and PEM never

    /// <summary>Reads <c>--csr</c>, PEM or DER, which may be standard input.</summary>
    /// <returns>PEM, or whatever else the file holds: the CA judges it.</returns>
    /// <exception cref="CommandFault">It cannot be read.</exception>
    public static async Task<string> ReadCsrAsync(string path, Terminal terminal, CancellationToken cancellation)
    {
        byte[] content = await AnyInput.ReadAsync(path, "--csr", MaxOctets, terminal, cancellation);
        return content is [Sequence, ..] ? Pem.Encode(Pem.RequestLabel, content) : Encoding.UTF8.GetString(content);
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
        string base64 = JsonRequest.Text(request, RequestKeys.Base64CsrData) ?? "";
        byte[] pem = new byte[base64.Length];
        bool read = Convert.TryFromBase64String(base64, pem, out int length) && length > 0 && request[RequestKeys.CsrFile] is null;
        return read && CertificateSigningRequest.TryParsePem(Encoding.UTF8.GetString(pem, 0, length), out CertificateSigningRequest? csr, out _)
            ? csr.PublicKey
            : null;
    }

    /// <summary>As it goes to the CA.</summary>
    public static byte[] Utf8(JsonObject request) => Encoding.UTF8.GetBytes(request.ToJsonString());
}
