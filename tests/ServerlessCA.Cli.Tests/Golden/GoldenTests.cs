using ServerlessCA.Cli.Tests.Commands;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Golden;

/// <summary>Repeats the whole sessions of tests/golden/cli. UPDATE_GOLDEN=1 records them anew.</summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Repository.At("tests", "golden", "cli");

    public static TheoryData<string> Sessions => [.. Directory.EnumerateFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    [Theory]
    [MemberData(nameof(Sessions))]
    public async Task A_session_goes_as_it_was_recorded(string name)
    {
        string file = Path.Combine(Folder, $"{name}.txt");
        string recorded = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        using var session = new Session { Clock = new FixedClock() };

        string repeated = await RepeatAsync(session, recorded);

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(file, repeated, TestContext.Current.CancellationToken);
        }
        else
        {
            Assert.Equal(recorded, repeated);
        }
    }

    [Fact]
    public void Every_command_has_a_session() => Assert.Empty(
        UsageTests.Commands.Select(row => row.Data).Concat(["help", "overview"]).Except(Sessions.Select(row => row.Data)));

    /// <summary>Runs the commands of a transcript again.</summary>
    internal static Task<string> RepeatAsync(Session session, string recorded)
    {
        session.Variables["SERVERLESS_CA"] = $"local:{session.Data}";
        session.Variables["HOME"] = session.Folder.At("home");
        WriteMaterial(session.Folder);
        return new Transcript(session).RepeatAsync(recorded);
    }

    // The example folder as a pull request changes it.
    private static void CopyChanged(TemporaryFolder folder)
    {
        string changed = Path.Combine(Folder, "changed");
        foreach (string file in Directory.EnumerateFiles(changed, "*", SearchOption.AllDirectories))
        {
            folder.Write($"changed/{Path.GetRelativePath(changed, file)}", File.ReadAllText(file));
        }
    }

    // Makes what the sessions work on besides the example folder.
    private static void WriteMaterial(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder.At("empty"));
        folder.Write("notes.csr", "these are notes, no CSR\n");
        folder.Write("policies.json", """{ "request_policies": { "web": { "common_names": ["*.example.com"], "sans": ["DNS_NAME:*.example.com", "DNS_NAME:example.com", "DNS_NAME:*.www.example.com", "IP_ADDRESS:192.0.2.0/24", "IP_ADDRESS:2001:db8::/32"], "max_days": 200 } } }""");
        folder.Write("passphrase", "passphrase for tests\n");
        folder.Write("operator-token", "operators-have-this-token-of-the-tests\n");
        folder.Write("request-token", "requesters-have-this-token-of-the-tests\n");
        folder.Write("public/settings.json", """{"public_crl": true, "hosted_zone_domain": "ca.example.com"}""");
        folder.Write("request.json", """{"common_name": "from-file.example.com", "purposes": ["server_auth"], "lifetime": 7}""");
        folder.Write("warned.json", """{"common_name": "warned.example.com", "sans": ["good.example.com", "bad_name"]}""");
        folder.Write("mistyped.json", """{"common_name": "from-file.example.com", "purpose": ["server_auth"]}""");
        string base64 = Convert.ToBase64String(File.ReadAllBytes(Repository.At("tests", "golden", "x509", "end-entity.der")));
        folder.Write("notification.json", $$"""{"CertificateInfo": {"CommonName": "a"}, "Base64Certificate": "{{base64}}"}""");
        folder.Write("revoked-notification.json", """{"CommonName": "a", "SerialNumber": "17", "Revoked": "2030-01-01 09:00:00", "Subject": "CN=a"}""");
        string csr = Convert.ToBase64String(File.ReadAllBytes(Repository.At("examples", "gitops", "dev", "csrs", "www-example-com.csr")));
        folder.Write("event.json", $$"""{"common_name": "www.example.com", "base64_csr_data": "{{csr}}", "purposes": ["server_auth"], "lifetime": 90}""");
        Directory.CreateDirectory(folder.At("repository", "certs", "dev", "csrs"));
        folder.Write("repository/certs/dev/tls.json", """
            [
              {
                "common_name": "server.example.com",
                "purposes": ["server_auth"],
                "sans": ["server.example.com", "server2.example.com"],
                "lifetime": 365,
                "csr_file": "server-cert-request.csr"
              }
            ]

            """);
        CopyChanged(folder);
        folder.Write("none/tls.json", "[]");
        folder.Write("mixed/csrs/notes.csr", "these are notes, no CSR\n");
        folder.Write("mixed/revoked.json", """[{"common_name": "nobody", "serial_number": 1}]""");
        folder.Write("mixed/csrs/good.csr", File.ReadAllText(Repository.At("examples", "gitops", "dev", "csrs", "www-example-com.csr")));
        folder.Write("mixed/tls.json", """
            [{"common_name": "good.example.com", "csr_file": "good.csr", "sans": ["good.example.com", "bad_name"]},
             {"common_name": "lost.example.com", "csr_file": "lost.csr"},
             {"common_name": "notes.example.com", "csr_file": "notes.csr"},
             "not an entry"]
            """);
    }
}
