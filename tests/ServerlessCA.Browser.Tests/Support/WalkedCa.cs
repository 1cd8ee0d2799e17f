using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Local;

namespace ServerlessCA.Browser.Tests.Support;

/// <summary>Makes a CA in a folder, with the certificates that a walk wants to see.</summary>
internal sealed class WalkedCa : IDisposable
{
    /// <summary>Names of CA files in a new local CA.</summary>
    public const string Root = "serverless-root-ca-dev";
    public const string Issuing = "serverless-issuing-ca-dev";
    public const string Bundle = "serverless-ca-bundle-dev.pem";

    private readonly TemporaryFolder folder = new();

    /// <summary>The folder of the CA.</summary>
    public string Data => folder.At("ca");

    /// <summary>A folder for other files.</summary>
    public string Work => folder.Path;

    /// <summary>Makes the CA.</summary>
    public static async Task<WalkedCa> CreateAsync()
    {
        var ca = new WalkedCa();
        await CaProgram.RunAsync(ca.Work, "run", "--ca", $"local:{ca.Data}");
        Directory.CreateDirectory(ca.At("downloads"));
        return ca;
    }

    /// <summary>Returns a path beside the CA.</summary>
    public string At(string name) => folder.At(name);

    /// <summary>Writes a file beside the CA and returns its path.</summary>
    public string Write(string name, string text) => folder.Write(name, text);

    /// <summary>Issues certificates as a caller of the function would get them.</summary>
    public async Task<IReadOnlyList<WalkedCertificate>> IssueAsync(params (string Name, Action<JsonObject>? Change)[] wanted)
    {
        using LocalCa local = await LocalCa.OpenAsync(new DataFolder(Data), create: false, TimeProvider.System, null, CancellationToken.None);
        var ca = new Deployment(
            local.Settings.Ca, local.Keys, local.Ledger, local.InternalFiles, local.PublishedFiles, local.CrlCopies, local.Notifier, local.Serials, TimeProvider.System);
        var issued = new List<WalkedCertificate>();
        foreach ((string name, Action<JsonObject>? change) in wanted)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            IssueOutcome outcome = await new IssueCertificate(ca).RunAsync(Encoding.UTF8.GetBytes(RequestOf(name, key, change)), CancellationToken.None);
            JsonNode answer = JsonNode.Parse(outcome.Json)!;
            string pem = Encoding.ASCII.GetString(Convert.FromBase64String(
                answer["Base64Certificate"]?.GetValue<string>() ?? throw new InvalidOperationException(outcome.Json)));
            issued.Add(new WalkedCertificate(name, answer["CertificateInfo"]!["SerialNumber"]!.GetValue<string>(), pem, key.ExportPkcs8PrivateKeyPem()));
        }

        return issued;
    }

    /// <summary>Revokes a certificate.</summary>
    public Task RevokeAsync(string name, string reason) => CaProgram.RunAsync(Work, "revoke", name, "--reason", reason, "--ca", $"local:{Data}");

    /// <summary>Returns the SHA-256 fingerprint of the root, with colons.</summary>
    public string RootSha256() => WalkedCertificate.Sha256Of(File.ReadAllText(Path.Combine(Data, "external", $"{Root}.crt")));

    /// <summary>Adds rows of certificates <c>host1.example.com</c> and so on, which all hold the same certificate and expire one after
    /// the other within a year: as many as no test can issue.</summary>
    public void Fill(int count, WalkedCertificate certificate)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "ca.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @count)
            INSERT INTO Certificates (CommonName, SerialNumber, Issued, Expires, Certificate, NotifyExpiry, IssuerKeyId, Source,
                SearchName, AlternativeNames, Usages, IssuedBy)
            SELECT 'host' || n || '.example.com', '1427247692705959881058285968' || n, strftime('%Y-%m-%d %H:%M:%S', @now, '-' || (n % 300) || ' days'),
                strftime('%Y-%m-%d %H:%M:%S', @now, '+' || (1 + n * 525600 / @count) || ' minutes'), one.Certificate, 0, one.IssuerKeyId, 'direct',
                'HOST' || n || '.EXAMPLE.COM', one.AlternativeNames, one.Usages, one.IssuedBy
            FROM numbers, (SELECT * FROM Certificates WHERE SerialNumber = @serial) AS one;
            INSERT INTO History (Id, Kind, At, CommonName, SerialNumber, Details, Actor, KeptUntil)
            SELECT 'filled ' || Number, 'issued', Issued, CommonName, SerialNumber, 'expires ' || Expires, 'local:operator', Expires
            FROM Certificates WHERE SerialNumber LIKE '1427247692705959881058285968%';
            """;
        command.Parameters.AddWithValue("@count", count);
        command.Parameters.AddWithValue("@now", TableTime.Text(DateTimeOffset.UtcNow));
        command.Parameters.AddWithValue("@serial", certificate.SerialNumber);
        command.ExecuteNonQuery();
    }

    public void Dispose() => folder.Dispose();

    private static string RequestOf(string name, ECDsa key, Action<JsonObject>? change)
    {
        var request = new CertificateRequest(new X500DistinguishedName("CN=walk"), key, HashAlgorithmName.SHA256);
        var json = new JsonObject
        {
            ["common_name"] = name,
            ["lifetime"] = 90,
            ["base64_csr_data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(request.CreateSigningRequestPem())),
        };
        change?.Invoke(json);
        return json.ToJsonString();
    }
}

/// <summary>Holds an issued certificate with its key. Immutable.</summary>
/// <param name="Name">Its common name.</param>
/// <param name="SerialNumber">Decimal.</param>
/// <param name="Pem">The certificate.</param>
/// <param name="Key">The private key, PEM.</param>
internal sealed record WalkedCertificate(string Name, string SerialNumber, string Pem, string Key)
{
    /// <summary>Its serial number in hexadecimal with colons.</summary>
    public string SerialNumberHex => Colons(System.Numerics.BigInteger.Parse(SerialNumber, CultureInfo.InvariantCulture).ToByteArray(isUnsigned: true, isBigEndian: true));

    /// <summary>Its fingerprint, with colons.</summary>
    public string Sha256 => Sha256Of(Pem);

    /// <summary>Returns the SHA-256 fingerprint of a certificate, with colons.</summary>
    public static string Sha256Of(string pem)
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(pem);
        return Colons(SHA256.HashData(certificate.RawData));
    }

    private static string Colons(byte[] octets) => BitConverter.ToString(octets).Replace('-', ':');
}
