using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Notifications;

/// <summary>The subject of a row's certificate as messages tell it.</summary>
internal static class SubjectText
{
    /// <summary>RFC 4514 text; empty when the certificate cannot be read.</summary>
    public static string Of(CertificateRecord row) =>
        row.Certificate is { } certificate && DistinguishedName.TryDecode(certificate.SubjectDer, out DistinguishedName? subject)
            ? subject.ToString()
            : "";
}
