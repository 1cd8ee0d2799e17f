using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Inventory;

/// <summary>Is a certificate as a file. Immutable.</summary>
/// <param name="Name">A name that every system takes: letters, digits, dots, dashes and underscores of ASCII.</param>
/// <param name="MediaType">The type of its content.</param>
/// <param name="Content">The file.</param>
public sealed record CertificateDownload(string Name, string MediaType, ReadOnlyMemory<byte> Content)
{
    private const int MaxStem = 100; // characters; our decision: file systems take 255 octets

    /// <summary>Makes the file of a certificate.</summary>
    /// <param name="form">The form.</param>
    /// <param name="certificate">The certificate, with the row's name as its file's name.</param>
    /// <param name="name">The common name of its row.</param>
    /// <param name="chain">The CAs above it, from the one that signed it up to the root; not used by every form.</param>
    public static CertificateDownload Of(CertificateForm form, Certificate certificate, string name, IReadOnlyList<Certificate> chain)
    {
        string stem = StemOf(name);
        return form switch
        {
            CertificateForm.Der => new($"{stem}.cer", MediaTypes.Certificate, certificate.Der),
            CertificateForm.Chain => new($"{stem}-chain.pem", MediaTypes.PemFile, Ascii([certificate, .. chain])),
            CertificateForm.Pkcs7 => new(
                $"{stem}.p7b", MediaTypes.Pkcs7, CertificatesOnlyMessage.Write([certificate.Der, .. chain.Select(issuer => issuer.Der)])),
            _ => new($"{stem}.pem", MediaTypes.PemFile, Ascii([certificate])),
        };
    }

    /// <summary>Makes the file of a row's certificate, with the CAs above it where the form has them; null when its certificate
    /// cannot be read.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public static async Task<CertificateDownload?> OfAsync(
        CertificateForm form, CertificateRecord record, ICertificateLedger ledger, CaNames names, CancellationToken cancellation) =>
        record.Certificate is { } certificate
            ? Of(form, certificate, record.CommonName, await IssuerChain.OfAsync(ledger, names, record, cancellation))
            : null;

    // A wildcard becomes "_". A file never begins with a dot, which hides it, or with a hyphen, which programs take for an option.
    private static string StemOf(string name)
    {
        string safe = string.Concat(name.Take(MaxStem).Select(unit => char.IsAsciiLetterOrDigit(unit) || unit is '.' or '-' or '_' ? unit : '_')).Trim('.', '-');
        return safe.Length == 0 ? "certificate" : safe;
    }

    private static byte[] Ascii(IEnumerable<Certificate> certificates) => Encoding.ASCII.GetBytes(string.Concat(certificates.Select(one => one.Pem)));
}

/// <summary>Names the forms in which a certificate is downloaded.</summary>
public enum CertificateForm
{
    /// <summary>PEM, the certificate alone.</summary>
    Pem,

    /// <summary>DER, the certificate alone.</summary>
    Der,

    /// <summary>PEM: the certificate, the CA that signed it, and so on up to the root, as servers want it.</summary>
    Chain,

    /// <summary>PKCS #7, DER: the certificate and the CAs above it, as Windows and Java import them.</summary>
    Pkcs7,
}
