using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace ServerlessCA.Lambda.Tests.Support;

/// <summary>Makes CSRs with new keys.</summary>
internal static class SomeCsr
{
    public static string Pem(string commonName)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem() + "\n";
    }

    public static string Base64(string commonName) => Convert.ToBase64String(Encoding.ASCII.GetBytes(Pem(commonName)));

    /// <summary>Makes an event of tls-cert.</summary>
    public static JsonObject Event(string commonName) => new() { ["common_name"] = commonName, ["base64_csr_data"] = Base64(commonName) };
}
