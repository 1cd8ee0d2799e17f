using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Fuzzing.Targets;

/// <summary>Is a deployment in memory that is made anew after some thousand requests, so that its rows stay few.</summary>
internal sealed class FuzzWorld
{
    private const int Requests = 2_000;

    private Deployment? deployment;
    private int left;

    /// <summary>Handles a request of a caller.</summary>
    public IssueOutcome Issue(byte[] request) => new IssueCertificate(Next()).RunAsync(request, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Makes a request for a CSR, of which nothing but its name counts.</summary>
    public IssueOutcome Issue(string csrPem) => Issue(Encoding.UTF8.GetBytes(new JsonObject
    {
        ["base64_csr_data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(csrPem)),
        ["lifetime"] = 30,
        ["force_issue"] = true,
    }.ToJsonString()));

    private Deployment Next()
    {
        if (left-- <= 0)
        {
            deployment = Make();
            left = Requests - 1;
        }

        return deployment!;
    }

    /// <summary>Makes a deployment with its two CAs.</summary>
    public static Deployment Make()
    {
        const string Root = "serverless-root-ca-dev";
        const string Issuing = "serverless-issuing-ca-dev";
        var settings = new CaSettings
        {
            Names = new CaNames("serverless", "dev", ["prd", "prod"]),
            CustomExtensionAllowlist = ["1.3.6.1.4.1.99999.1"],
        };
        var deployment = new Deployment(
            settings,
            new MemoryKeys().With(Root, KeySpec.EccNistP256).With(Issuing, KeySpec.EccNistP256),
            new MemoryLedger(), new MemoryInternalFiles(), new MemoryPublishedFiles(), new MemoryPublishedFiles(), new MemoryNotifier(),
            new RandomSerialSource(), new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero)));
        new CreateRootCa(deployment).RunAsync(CancellationToken.None).GetAwaiter().GetResult();
        new CreateIssuingCa(deployment).RunAsync(CancellationToken.None).GetAwaiter().GetResult();
        return deployment;
    }
}

/// <summary>Is the fuzzer's own key: what it signs is as good as what any caller can sign.</summary>
internal static class FuzzKey
{
    private static readonly ECDsa Key = Create();
    private static readonly byte[] EcdsaWithSha256 = Convert.FromHexString("300A06082A8648CE3D040302"); // RFC 5758 §3.2

    /// <summary>Gets the public key, DER.</summary>
    public static byte[] SubjectPublicKeyInfo { get; } = Key.ExportSubjectPublicKeyInfo();

    /// <summary>Signs bytes, which need be no DER at all, and wraps them as a CSR.</summary>
    public static byte[] Sign(byte[] info)
    {
        byte[] signature = Key.SignData(info, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return RequestTargets.Element(0x30, [.. info, .. EcdsaWithSha256, .. RequestTargets.Element(0x03, [0, .. signature])]);
    }

    // The private number is 1 to 32, so that every run has the same key.
    private static ECDsa Create() => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        D = [.. Enumerable.Range(1, 32).Select(octet => (byte)octet)],
    });
}
