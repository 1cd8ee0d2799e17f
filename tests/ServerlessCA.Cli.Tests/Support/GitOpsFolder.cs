using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Makes GitOps folders.</summary>
public static class GitOpsFolder
{
    /// <summary>Makes entries for hosts, each with a CSR and a key of its own.</summary>
    public static string OfHosts(TemporaryFolder folder, int count)
    {
        var entries = new JsonArray();
        for (int i = 0; i < count; i++)
        {
            string name = $"host{i:000}.example.com";
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            folder.Write($"gitops/csrs/{i}.csr", request.CreateSigningRequestPem());
            entries.Add(new JsonObject { ["common_name"] = name, ["csr_file"] = $"{i}.csr" });
        }

        folder.Write("gitops/tls.json", entries.ToJsonString());
        return folder.At("gitops");
    }

    /// <summary>Writes entries that are given as JSON, with CSRs that openssl makes for names, which are the file names
    /// without their extension.</summary>
    public static string OfEntries(TemporaryFolder folder, string tlsJson, params string[] csrs)
    {
        folder.Write("gitops/tls.json", tlsJson);
        Directory.CreateDirectory(folder.At("gitops", "csrs"));
        foreach (string csr in csrs)
        {
            OpenSsl.Run(
                "req", "-new", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", $"/O=Example/CN={csr}",
                "-keyout", folder.At($"{csr}.key"), "-out", folder.At("gitops", "csrs", $"{csr}.csr"));
        }

        return folder.At("gitops");
    }
}
