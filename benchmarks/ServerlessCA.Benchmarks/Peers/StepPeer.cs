using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServerlessCA.Benchmarks.Load;

namespace ServerlessCA.Benchmarks.Peers;

/// <summary>step-ca with Badger, which it configures to flush every write, and a provisioner whose tokens the load generator signs.</summary>
internal sealed class StepPeer : Peer
{
    private const string Provisioner = "load";

    private static readonly string[] DnsNames = ["127.0.0.1"];

    private readonly Process process;
    private readonly DirectoryInfo folder;
    private readonly ECDsa provisioner;

    private StepPeer(Uri url, Process process, DirectoryInfo folder, ECDsa provisioner) : base("step-ca", url, process.Id) =>
        (this.process, this.folder, this.provisioner) = (process, folder, provisioner);

    public override ReadOnlyMemory<byte> Success { get; } = "\"crt\""u8.ToArray();

    public static async Task<Peer> StartAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("peer-step-");
        var ca = new PeerCa(folder.FullName);
        int port = FreePort();
        var provisioner = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string settings = Path.Combine(folder.FullName, "ca.json");
        await File.WriteAllTextAsync(settings, Settings(ca, port, folder.FullName, provisioner.ExportParameters(includePrivateParameters: false).Q));
        Process process = await StartAsync(port, Path.Combine(Programs.Peers, "step-ca"), settings);
        return new StepPeer(new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}/1.0/sign")), process, folder, provisioner);
    }

    public override string Certificate(JsonElement answer) => answer.GetProperty("crt").GetString()!;

    public override async ValueTask DisposeAsync()
    {
        await EndAsync(process, folder);
        provisioner.Dispose();
    }

    protected override byte[] Body(LoadCsr csr) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["csr"] = csr.Pem, ["ott"] = Token(csr) });

    private static string Settings(PeerCa ca, int port, string folder, ECPoint key) => JsonSerializer.Serialize(new
    {
        root = ca.Root,
        crt = ca.Issuing,
        key = ca.IssuingKey,
        address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
        dnsNames = DnsNames,
        db = new { type = "badgerv2", dataSource = Path.Combine(folder, "db") },
        authority = new
        {
            provisioners = new[]
            {
                new
                {
                    type = "JWK",
                    name = Provisioner,
                    key = new { use = "sig", kty = "EC", kid = Provisioner, crv = "P-256", alg = "ES256", x = Base64Url.EncodeToString(key.X), y = Base64Url.EncodeToString(key.Y) },
                },
            },
        },
    });

    // JSON Web Token (RFC 7519) for one certificate.
    private string Token(LoadCsr csr)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string signed = $"{Part(new { alg = "ES256", kid = Provisioner, typ = "JWT" })}.{Part(new
        {
            aud = Url.AbsoluteUri, iss = Provisioner, sub = csr.Name, sans = new[] { csr.Name }, jti = csr.Name, nbf = now - 60, iat = now, exp = now + 3600,
        })}";
        return $"{signed}.{Base64Url.EncodeToString(provisioner.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static string Part(object json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
