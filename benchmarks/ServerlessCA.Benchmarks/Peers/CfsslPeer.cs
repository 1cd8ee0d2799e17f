using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ServerlessCA.Benchmarks.Load;

namespace ServerlessCA.Benchmarks.Peers;

/// <summary><c>cfssl serve</c> with a database of SQLite that flushes every transaction, which cfssl does not without being asked; callers need no
/// credentials.</summary>
internal sealed class CfsslPeer : Peer
{
    private readonly Process process;
    private readonly DirectoryInfo folder;

    private CfsslPeer(Uri url, Process process, DirectoryInfo folder) : base("cfssl", url, process.Id) => (this.process, this.folder) = (process, folder);

    public override ReadOnlyMemory<byte> Success { get; } = "\"success\":true"u8.ToArray();

    public static async Task<Peer> StartAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("peer-cfssl-");
        var ca = new PeerCa(folder.FullName);
        string settings = Path.Combine(folder.FullName, "config.json"), store = Path.Combine(folder.FullName, "db.json"), file = Path.Combine(folder.FullName, "certs.db");
        await File.WriteAllTextAsync(settings, """{"signing":{"default":{"expiry":"720h","usages":["digital signature","server auth","client auth"]}}}""");
        await File.WriteAllTextAsync(store, JsonSerializer.Serialize(new { driver = "sqlite3", data_source = $"file:{file}?_synchronous=FULL" }));
        CreateTables(file);
        int port = FreePort();
        Process process = await StartAsync(
            port, Path.Combine(Programs.Peers, "cfssl"), "serve", "-address", "127.0.0.1", "-port", port.ToString(CultureInfo.InvariantCulture), "-ca", ca.Issuing,
            "-ca-key", ca.IssuingKey, "-config", settings, "-db-config", store, "-tls-cert", ca.Tls, "-tls-key", ca.TlsKey, "-loglevel", "2");
        return new CfsslPeer(new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}/api/v1/cfssl/sign")), process, folder);
    }

    public override string Certificate(JsonElement answer) => answer.GetProperty("result").GetProperty("certificate").GetString()!;

    public override ValueTask DisposeAsync() => new(EndAsync(process, folder));

    protected override byte[] Body(LoadCsr csr) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["certificate_request"] = csr.Pem, ["hostname"] = csr.Name });

    // The tables of its migrations (certdb/sqlite/migrations), with a write-ahead log: with SQLite's own journal it is slower.
    private static void CreateTables(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """
            PRAGMA journal_mode = WAL;
            CREATE TABLE certificates (serial_number blob NOT NULL, authority_key_identifier blob NOT NULL, ca_label blob, status blob NOT NULL,
                reason int, expiry timestamp, revoked_at timestamp, pem blob NOT NULL, PRIMARY KEY (serial_number, authority_key_identifier));
            CREATE TABLE ocsp_responses (serial_number blob NOT NULL, authority_key_identifier blob NOT NULL, body blob NOT NULL, expiry timestamp,
                PRIMARY KEY (serial_number, authority_key_identifier),
                FOREIGN KEY (serial_number, authority_key_identifier) REFERENCES certificates (serial_number, authority_key_identifier))
            """;
        command.ExecuteNonQuery();
    }
}
