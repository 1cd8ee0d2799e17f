using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Makes requests as callers write them, with fresh P-256 keys.</summary>
internal static class SomeRequests
{
    public static string Csr(string subject = "CN=client.example.test")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSigningRequestPem() + "\n";
    }

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>Makes a direct request; members of <paramref name="more"/> are added.</summary>
    public static JsonObject Direct(string commonName = "client.example.test", string? csr = null, JsonObject? more = null)
    {
        var request = new JsonObject { ["common_name"] = commonName, ["base64_csr_data"] = Base64(csr ?? Csr()) };
        foreach ((string name, JsonNode? value) in more ?? [])
        {
            request[name] = value?.DeepClone();
        }

        return request;
    }

    /// <summary>Makes an entry of <c>tls.json</c>.</summary>
    public static JsonObject Entry(string commonName, string csrFile, JsonObject? more = null)
    {
        JsonObject entry = Direct(commonName, csr: "", more);
        entry.Remove("base64_csr_data");
        entry["csr_file"] = csrFile;
        return entry;
    }
}

/// <summary>Makes certificates, lists and CRLs of a <see cref="TestAuthority"/>, in few words.</summary>
internal static class SomeRevocations
{
    public const string CrlKey = TestAuthority.IssuingName + ".crl";
    public const string CopyKey = "crl/" + CrlKey;

    private static int names;

    /// <summary>Issues a certificate.</summary>
    public static async Task<CertificateRecord> IssuedAsync(this TestAuthority authority, string? name = null, int lifetime = 30) =>
        Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(
            name ?? $"some{Interlocked.Increment(ref names)}.example.test", more: new JsonObject { ["lifetime"] = lifetime }))).Record;

    /// <summary>Issues and revokes a certificate, without a list.</summary>
    public static async Task<CertificateRecord> RevokedAsync(
        this TestAuthority authority, RevocationReason reason = RevocationReason.Superseded, int lifetime = 30)
    {
        CertificateRecord row = await authority.IssuedAsync(lifetime: lifetime);
        Assert.Equal(RevokeOutcome.Revoked, await new RevokeCertificate(authority.Deployment).RunAsync(IdOf(row), reason, CancellationToken.None));
        return authority.RowOf(row)!;
    }

    public static Task<CrlOutcome> PublishAsync(this TestAuthority authority) => PublishAsync(authority.Deployment);

    public static Task<CrlOutcome> PublishAsync(this Deployment deployment) => PublishCrl.OfIssuing(deployment).RunAsync(CancellationToken.None);

    /// <summary>Writes the list of the issuing CA.</summary>
    public static void List(this TestAuthority authority, params JsonObject[] entries) =>
        authority.Internal.With("revoked.json", new JsonArray([.. entries.Select(entry => entry.DeepClone())]).ToJsonString());

    public static JsonObject EntryOf(CertificateRecord row) => Entry(row.CommonName, row.SerialNumber.ToString());

    public static JsonObject Entry(string? name, string serial) => name is null
        ? new JsonObject { ["serial_number"] = serial }
        : new JsonObject { ["common_name"] = name, ["serial_number"] = serial };

    public static JsonObject With(this JsonObject entry, string key, JsonNode value)
    {
        entry[key] = value;
        return entry;
    }

    public static RowId IdOf(CertificateRecord row) => new(row.CommonName, row.SerialNumber);

    /// <summary>Returns the row as it is now.</summary>
    public static CertificateRecord? RowOf(this TestAuthority authority, CertificateRecord row) =>
        authority.Ledger.Records.SingleOrDefault(found => IdOf(found) == IdOf(row));

    /// <summary>Returns the row of a CA.</summary>
    public static CertificateRecord RowOf(this TestAuthority authority, string caName) =>
        authority.Ledger.Records.Single(row => row.CommonName == caName);

    /// <summary>Puts rows back as they were.</summary>
    public static void RestoreRows(this TestAuthority authority, IReadOnlyList<CertificateRecord> rows)
    {
        foreach (CertificateRecord row in authority.Ledger.Records)
        {
            authority.Ledger.Lose(IdOf(row));
        }

        foreach (CertificateRecord row in rows)
        {
            authority.Ledger.Plant(row);
        }
    }

    /// <summary>Reads the published CRL of a CA.</summary>
    public static CertificateRevocationList Crl(this TestAuthority authority, string caName = TestAuthority.IssuingName) =>
        Decode(authority.Published.Files[caName + ".crl"].Content);

    public static CertificateRevocationList Decode(ReadOnlyMemory<byte> der)
    {
        Assert.True(CertificateRevocationList.TryDecode(der, out CertificateRevocationList? crl));
        return crl;
    }

    public static Task DamageAsync(this Contracts.Memory.MemoryPublishedFiles files, params string[] keys) => Task.WhenAll(
        keys.Select(key => files.PublishAsync(new PublishedFile(key, "text/plain", "damaged"u8.ToArray()), IPublishedFiles.AnyVersion, CancellationToken.None)));
}
