using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Tests.WholeRuns;
using Xunit;

namespace ServerlessCA.Local.Tests.Sqlite;

/// <summary>Tests what the file finds by its indexes, and remembers, so that nothing else is read.</summary>
public sealed class TableFactsTests : IDisposable
{
    private const string OcspSigning = "1.3.6.1.5.5.7.3.9";

    private static readonly string[] Checks = ["OCSP signing", "certificates", "reservations"];

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Db => folder.At("ca", "ca.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Health_finds_by_indexes_what_it_finds_by_reading_all_rows()
    {
        using LocalDeployment deployment = await RunningAsync();
        Assert.All(await BothAsync(deployment.Deployment), finding => Assert.Equal(HealthLevel.Good, finding.Level));

        DateTimeOffset now = TableTime.WholeSeconds(DateTimeOffset.UtcNow);
        (string Name, int Issued, int Expires, bool Remind, bool Revoked, string? Usage)[] rows =
        [
            ("soon", -300, 20, true, false, null), ("later", -300, 60, true, false, null), ("young", -1, 20, true, false, null),
            ("expired", -300, -2, true, false, null), ("silent", -300, 20, false, false, null), ("revoked", -300, 20, true, true, null),
            ("responder", -3, 400, true, false, OcspSigning), ("other usage", -3, 400, true, false, OcspSigning + "9"),
            ("revoked responder", -3, 400, true, true, OcspSigning), ("expired responder", -300, -2, true, false, OcspSigning),
            ("gone", -300, 400, true, false, null), ("named anew", -300, 400, true, false, null), ("restored", -300, 400, true, false, null),
        ];
        foreach ((string name, int issued, int expires, bool remind, bool revoked, string? usage) in rows)
        {
            CertificateRecord row = Some.Record(name) with
            {
                Issued = now.AddDays(issued), Expires = now.AddDays(expires), NotifyExpiry = remind,
                CertificatePem = Pem(now.AddDays(issued), now.AddDays(expires), usage),
                Revoked = revoked ? new CertificateRevocation(now) : null,
            };
            await deployment.Deployment.Ledger.AddAsync(new CertificateAddition(row) { Key = Some.Key(name) }, Cancellation);
        }

        Database.Execute(Db, """
            CREATE TABLE Saved AS SELECT * FROM Certificates WHERE CommonName = 'restored';
            DELETE FROM Certificates WHERE CommonName IN ('gone', 'restored');
            INSERT INTO Certificates SELECT * FROM Saved;
            UPDATE Certificates SET CommonName = 'another name' WHERE CommonName = 'named anew';
            """);

        HealthFinding[] found = await BothAsync(deployment.Deployment);

        Assert.StartsWith("1 live certificates can answer for the CA who is revoked", found[0].Message, StringComparison.Ordinal);
        Assert.StartsWith("1 to remind of expire within 30 days", found[1].Message, StringComparison.Ordinal);
        Assert.StartsWith("2 keys are reserved for rows that are gone", found[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_is_too_large_to_be_read_while_somebody_waits_is_not_read()
    {
        using LocalCa ca = await LocalCa.OpenAsync(new DataFolder(folder.At("ca")), create: true, TimeProvider.System, delivered: null, Cancellation);

        Assert.False(await ca.CheckLedgerAsync(mostBytes: 1, Cancellation));
        Assert.True(await ca.CheckLedgerAsync(Cancellation));
    }

    [Fact]
    public async Task The_signature_of_a_CSR_is_verified_by_one_run_and_no_other_one_unless_it_changes()
    {
        using LocalDeployment deployment = await RunningAsync("a.example.test", "b.example.test");
        string first = Proofs();
        Assert.Equal("2", Proven());

        await new RunPipeline(deployment.Deployment).RunAsync(Cancellation);
        Assert.Equal(first, Proofs());

        LocalDeployment.WriteGitOps(folder, "a.example.test"); // with another key
        PipelineReport report = await new RunPipeline(deployment.Deployment).RunAsync(Cancellation);
        Assert.Equal(EntryStatus.Issued, Assert.Single(report.Entries).Status);
        Assert.Equal("3", Proven());
    }

    [Fact]
    public async Task A_CSR_whose_signature_was_broken_after_it_was_verified_is_refused()
    {
        using LocalDeployment deployment = await RunningAsync("a.example.test");
        string file = folder.At("gitops", "csrs", "a.example.test.csr");
        byte[] der = Convert.FromBase64String(string.Concat((await File.ReadAllLinesAsync(file, Cancellation)).Where(line => !line.StartsWith('-'))));
        der[^1] ^= 1;
        await File.WriteAllTextAsync(file, PemEncoding.WriteString("CERTIFICATE REQUEST", der), Cancellation);

        PipelineReport report = await new RunPipeline(deployment.Deployment).RunAsync(Cancellation);

        EntryResult entry = Assert.Single(report.Entries);
        Assert.Equal((EntryStatus.Refused, "CSR signature is not valid"), (entry.Status, entry.Message));
        Assert.Equal("1", Proven());
    }

    [Fact]
    public async Task A_ledger_of_before_remembers_from_its_next_run_on()
    {
        using LocalDeployment deployment = await RunningAsync("a.example.test", "b.example.test");
        string first = Proofs();
        Database.Execute(Db, "UPDATE Reservations SET RequestHash = NULL");

        PipelineReport report = await new RunPipeline(deployment.Deployment).RunAsync(Cancellation);

        Assert.Equal(2, report.Count(EntryStatus.AlreadyIssued));
        Assert.Equal(first, Proofs());
    }

    private async Task<LocalDeployment> RunningAsync(params string[] names)
    {
        LocalDeployment.WriteGitOps(folder, names);
        LocalDeployment deployment = await LocalDeployment.OpenAsync(folder, Cancellation);
        Assert.False((await new RunPipeline(deployment.Deployment).RunAsync(Cancellation)).Failed);
        return deployment;
    }

    private string Proofs() => Database.Execute(Db, "SELECT group_concat(Id || ' ' || RequestHash, ' ') FROM Reservations WHERE RequestHash IS NOT NULL");

    private string Proven() => Database.Execute(Db, "SELECT count(RequestHash) FROM Reservations WHERE Id LIKE 'key#%'");

    private static async Task<HealthFinding[]> BothAsync(Deployment ca)
    {
        HealthFinding[] read = await FindAsync(ca with { Ledger = new PlainLedger(ca.Ledger) });
        HealthFinding[] found = await FindAsync(ca);
        Assert.Equal(read, found);
        return found;
    }

    private static async Task<HealthFinding[]> FindAsync(Deployment ca)
    {
        IReadOnlyList<HealthFinding> all = await new CheckHealth(ca).RunAsync(Cancellation);
        return [.. Checks.Select(check => all.Single(finding => finding.Check == check))];
    }

    private static string Pem(DateTimeOffset from, DateTimeOffset until, string? usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=any", key, HashAlgorithmName.SHA256);
        if (usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        }

        using X509Certificate2 certificate = request.CreateSelfSigned(from, until);
        return certificate.ExportCertificatePem() + "\n";
    }

    /// <summary>Offers nothing but the port.</summary>
    private sealed class PlainLedger(ICertificateLedger inner) : ForwardingLedger(inner);
}
