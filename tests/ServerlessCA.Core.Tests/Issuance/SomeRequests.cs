using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Requests as callers write them, with fresh P-256 keys.</summary>
internal static class SomeRequests
{
    public static string Csr(string subject = "CN=client.example.test")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSigningRequestPem() + "\n";
    }

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>A direct request; members of <paramref name="more"/> are added.</summary>
    public static JsonObject Direct(string commonName = "client.example.test", string? csr = null, JsonObject? more = null)
    {
        var request = new JsonObject { ["common_name"] = commonName, ["base64_csr_data"] = Base64(csr ?? Csr()) };
        foreach ((string name, JsonNode? value) in more ?? [])
        {
            request[name] = value?.DeepClone();
        }

        return request;
    }

    /// <summary>An entry of <c>tls.json</c>.</summary>
    public static JsonObject Entry(string commonName, string csrFile, JsonObject? more = null)
    {
        JsonObject entry = Direct(commonName, csr: "", more);
        entry.Remove("base64_csr_data");
        entry["csr_file"] = csrFile;
        return entry;
    }
}
