using System.Numerics;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Requests;

/// <summary>What a certificate says that answers a request, as far as the request alone tells: for those who check an
/// answer, by the same reading as the CA's. Immutable.</summary>
/// <param name="CommonName">That of the CSR where the request names none; null: the CSR is not at hand.</param>
/// <param name="Lifetime">Days, as far as 64 bits count them; the CA may give fewer.</param>
/// <param name="Usages">OIDs of the extended key usages, once each.</param>
/// <param name="Sans">Alternative names, the common name's included where it stands in for them.</param>
/// <param name="HasSans">Whether the request gives names itself; otherwise a CA may also leave out the common name.</param>
public sealed record AskedContents(
    string? CommonName, long Lifetime, IReadOnlyList<string> Usages, IReadOnlyList<GeneralName> Sans, bool HasSans)
{
    /// <summary>The names of the answer to a request whose CSR is not at hand.</summary>
    /// <param name="commonName">That of the certificate; counts where the request names none.</param>
    public IReadOnlyList<GeneralName> SansFor(string? commonName) =>
        HasSans || CommonName is not null ? Sans : SanReader.Default(commonName);

    /// <summary>Reads a request; null when the CA would refuse it unread.</summary>
    /// <param name="utf8">One JSON object.</param>
    public static AskedContents? Of(ReadOnlyMemory<byte> utf8)
    {
        if (!IssueRequest.TryParse(utf8, out IssueRequest? request, out _))
        {
            return null;
        }

        var reader = new FieldReader(request.Json);
        string? commonName = reader.Text(RequestKeys.CommonName, IssueRequest.MaxBytes) is { Length: > 0 } name ? name : null;
        long lifetime = reader.Value(RequestKeys.Lifetime) is { } value && WholeNumber.TryRead(value, out BigInteger days)
            ? (long)BigInteger.Clamp(days, long.MinValue, long.MaxValue)
            : RequestFields.DefaultLifetime;
        IReadOnlyList<GeneralName>? sans = new SanReader(reader).Read();
        commonName ??= CommonNameOfCsr(reader);
        return new AskedContents(commonName, lifetime, new UsageReader(reader).Read().Usages, sans ?? SanReader.Default(commonName), sans is { Count: > 0 });
    }

    private static string? CommonNameOfCsr(FieldReader reader)
    {
        string base64 = reader.Text(RequestKeys.Base64CsrData, IssueRequest.MaxBytes) ?? "";
        byte[] pem = new byte[base64.Length];
        return reader.Value(RequestKeys.CsrFile) is null && Convert.TryFromBase64String(base64, pem, out int length)
            && TextFile.TryRead(pem.AsSpan(0, length), out string? text, out _)
            && CertificateSigningRequest.TryParsePem(text, out CertificateSigningRequest? csr, out _)
            ? csr.CommonName
            : null;
    }
}
