using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Certificates;

/// <summary>Where a CA's CRL and certificate can be downloaded (contract section 6, 12.6). Immutable.</summary>
/// <param name="Domain">Host name, such as <c>ca.example.com</c>.</param>
/// <param name="CaName">Such as <c>serverless-issuing-ca-dev</c>.</param>
public sealed record PublicationPoint(string Domain, string CaName)
{
    /// <summary>The DER CRL. Plain HTTP, since a client that checks a certificate cannot ask TLS first (RFC 5280 §8).</summary>
    public string CrlUri => $"http://{Domain}/{CaNames.CrlFile(CaName)}";

    /// <summary>The DER certificate (RFC 5280 §4.2.2.1 wants DER behind caIssuers).</summary>
    public string CertificateUri => $"http://{Domain}/{CaNames.DerCertificateFile(CaName)}";
}
