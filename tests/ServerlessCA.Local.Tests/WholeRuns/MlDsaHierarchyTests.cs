using System.Formats.Asn1;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Local.Tests.WholeRuns;

/// <summary>Checks a hierarchy of ML-DSA keys with an implementation that is not ours: @noble/post-quantum.</summary>
public sealed class MlDsaHierarchyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Certificates_and_CRLs_of_ML_DSA_CAs_verify_in_another_implementation()
    {
        string judges = JudgesOrSkip();
        using var folder = new TemporaryFolder();
        LocalDeployment.WriteGitOps(folder, "one.example.test");
        using LocalDeployment deployment = await LocalDeployment.OpenAsync(
            folder, Cancellation, """{"root_ca_key_spec": "ML_DSA_65", "issuing_ca_key_spec": "ML_DSA_44"}""");
        Assert.False((await new RunPipeline(deployment.Deployment).RunAsync(Cancellation)).Failed);

        List<CertificateRecord> rows = await deployment.Deployment.Ledger.ListAsync(Cancellation).ToListAsync(Cancellation);
        Certificate root = Parsed(rows, "serverless-root-ca-dev");
        Certificate issuing = Parsed(rows, "serverless-issuing-ca-dev");
        Certificate leaf = Parsed(rows, "one.example.test");
        ReadOnlyMemory<byte> rootCrl = await PublishedAsync(deployment, "serverless-root-ca-dev.crl");
        ReadOnlyMemory<byte> issuingCrl = await PublishedAsync(deployment, "serverless-issuing-ca-dev.crl");

        Assert.Equal("valid", await JudgeAsync(judges, 65, root, root.Der));
        Assert.Equal("valid", await JudgeAsync(judges, 65, root, issuing.Der));
        Assert.Equal("valid", await JudgeAsync(judges, 44, issuing, leaf.Der));
        Assert.Equal("valid", await JudgeAsync(judges, 65, root, rootCrl));
        Assert.Equal("valid", await JudgeAsync(judges, 44, issuing, issuingCrl));
        Assert.Equal("invalid", await JudgeAsync(judges, 44, issuing, Changed(leaf.Der)));
    }

    private static Certificate Parsed(List<CertificateRecord> rows, string name) =>
        Certificate.TryDecodePem(rows.Single(row => row.CommonName == name).CertificatePem, out Certificate? certificate)
            ? certificate
            : throw new InvalidOperationException(name);

    private static async Task<ReadOnlyMemory<byte>> PublishedAsync(LocalDeployment deployment, string key) =>
        (await deployment.Deployment.PublishedFiles.ReadAsync(key, Cancellation))!.Content;

    // Changes the last octet of the serial number; the form stays.
    private static byte[] Changed(ReadOnlyMemory<byte> certificate)
    {
        byte[] changed = certificate.ToArray();
        changed[30] ^= 1;
        return changed;
    }

    // Takes SEQUENCE { tbs, algorithm, signature } apart here: the product's parser must not judge the product.
    private static async Task<string> JudgeAsync(string judges, int set, Certificate signer, ReadOnlyMemory<byte> signed)
    {
        AsnReader whole = new AsnReader(signed, AsnEncodingRules.DER).ReadSequence();
        ReadOnlyMemory<byte> tbs = whole.ReadEncodedValue();
        whole.ReadEncodedValue();
        byte[] signature = whole.ReadBitString(out _);
        AsnReader key = new AsnReader(signer.SubjectPublicKeyInfo, AsnEncodingRules.DER).ReadSequence();
        key.ReadEncodedValue();
        string question = new JsonObject
        {
            ["set"] = set,
            ["publicKey"] = Convert.ToBase64String(key.ReadBitString(out _)),
            ["message"] = Convert.ToBase64String(tbs.Span),
            ["signature"] = Convert.ToBase64String(signature),
        }.ToJsonString();

        return (await ForeignProgram.OutputAsync("node", [Path.Combine(judges, "ml-dsa.mjs")], question)).Trim();
    }

    private static string JudgesOrSkip()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string judges = Path.Combine(at.FullName, "tests", "judges");
            if (Directory.Exists(Path.Combine(judges, "node_modules", "@noble", "post-quantum")))
            {
                return judges;
            }
        }

        Assert.Skip("@noble/post-quantum is not installed: npm ci --prefix tests/judges --ignore-scripts");
        return "";
    }
}
