using System.Numerics;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Requests;

/// <summary>What a certificate says that answers a request, as far as the request alone tells: for those who check an
/// answer, by the same reading as the CA's. Immutable.</summary>
/// <param name="CommonName">That of the CSR where the request names none; null: the CSR is not at hand.</param>
/// <param name="Lifetime">Days, as far as 64 bits count them; the CA may give fewer.</param>
/// <param name="Usages">OIDs of the extended key usages, once each.</param>
/// <param name="Sans">Alternative names, the common name's included where it stands in for them. A CA may leave out those
/// of one label, such as <c>localhost</c>: that is a matter of its settings.</param>
/// <param name="HasSans">Whether the request gives names itself; otherwise a CA may also leave out the common name.</param>
/// <param name="Subject">The whole subject; null: the CSR is not at hand, or a value does not do.</param>
public sealed record AskedContents(
    string? CommonName, long Lifetime, IReadOnlyList<string> Usages, IReadOnlyList<GeneralName> Sans, bool HasSans, DistinguishedName? Subject)
{
    /// <summary>What is told of a certificate for servers without any name.</summary>
    public const string NoName = RequestOmissions.NoName;

    /// <summary>Whether the certificate is one for servers.</summary>
    public bool IsForServers => Usages.Contains(ExtendedKeyUsage.ServerAuth);

    /// <summary>The warning that a certificate for servers will have no name; null: it has one, or needs none.</summary>
    public string? MissingName => IsForServers && Sans.Count == 0 ? NoName : null;

    /// <summary>The names of the answer to a request whose CSR is not at hand.</summary>
    /// <param name="commonName">That of the certificate; counts where the request names none.</param>
    public IReadOnlyList<GeneralName> SansFor(string? commonName) =>
        HasSans || CommonName is not null ? Sans : SanReader.Default(commonName, IsForServers);

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
        CertificateSigningRequest? csr = CsrOf(reader);
        DistinguishedName? subject = SubjectOf(reader, commonName, csr);
        commonName ??= csr?.CommonName;
        IReadOnlyList<string> usages = new UsageReader(reader).Read().Usages;
        IReadOnlyList<GeneralName>? sans = new SanReader(reader, singleLabels: true).Read();
        bool isForServers = usages.Contains(ExtendedKeyUsage.ServerAuth);
        return new AskedContents(commonName, lifetime, usages, sans ?? SanReader.Default(commonName, isForServers), sans is { Count: > 0 }, subject);
    }

    private static DistinguishedName? SubjectOf(FieldReader reader, string? commonName, CertificateSigningRequest? csr)
    {
        bool isElsewhere = reader.Value(RequestKeys.CsrFile) is not null;
        var fields = new RequestFields { CommonName = commonName, Subject = RequestReader.SubjectOf(reader) };
        return isElsewhere ? null : RequestedSubject.Compose(fields, csr?.SubjectDer ?? DistinguishedName.Of([]).Der, out _);
    }

    private static CertificateSigningRequest? CsrOf(FieldReader reader)
    {
        string base64 = reader.Text(RequestKeys.Base64CsrData, IssueRequest.MaxBytes) ?? "";
        byte[] pem = new byte[base64.Length];
        return reader.Value(RequestKeys.CsrFile) is null && Convert.TryFromBase64String(base64, pem, out int length)
            && TextFile.TryRead(pem.AsSpan(0, length), out string? text, out _)
            && CertificateSigningRequest.TryParsePem(text, out CertificateSigningRequest? csr, out _)
            ? csr
            : null;
    }
}
