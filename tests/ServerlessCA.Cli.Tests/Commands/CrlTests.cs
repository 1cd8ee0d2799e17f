using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests contract 12.21 and 12.22 from the command line: failed entries, lost CRLs, clocks that were
/// wrong.</summary>
public sealed class CrlTests
{
    private const string IssuingCa = "serverless-issuing-ca-dev";

    [Fact]
    public async Task A_run_whose_entry_could_not_be_carried_out_ends_with_1_although_a_request_was_refused_too()
    {
        using Session session = await new Session { Clock = new FixedClock() }.WithCaAsync();
        Directory.CreateDirectory(session.Folder.At("gitops"));
        session.Folder.Write("gitops/tls.json", """[{"common_name": "x", "csr_file": "none.csr"}]""");
        Assert.Equal(ExitCode.Refused, (await session.RunAsync("run", session.Folder.At("gitops"))).ExitCode);
        session.Folder.Write("gitops/revoked.json", """[{"common_name": "nobody", "serial": "1"}]""");

        Result result = await session.RunAsync("run", session.Folder.At("gitops"));

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("1 entry of revoked.json failed", result.Output, StringComparison.Ordinal);
        Assert.Contains("revoked.json, line 1, entry 1 ('nobody'): serial_number is missing; 'serial' is not known", result.Error, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(session.Data, "outbox"), "*revocation-failed*"));
        Assert.Equal(ExitCode.Unhealthy, (await session.RunAsync("health")).ExitCode);
    }

    [Fact]
    public async Task A_lost_CRL_fails_every_run_until_an_old_one_is_restored()
    {
        var clock = new FixedClock();
        using Session session = await new Session { Clock = clock }.WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        (await session.RunAsync("revoke", "a")).Done();
        string file = Path.Combine(session.Data, "external", $"{IssuingCa}.crl");
        File.Copy(file, session.Folder.At("old.crl"));
        await DeleteRowAsync(session, "a");
        File.Delete(file);
        File.WriteAllText($"{file}.pem", "damaged");
        File.Delete(Path.Combine(session.Data, "internal", "crl", $"{IssuingCa}.crl"));

        Result lost = await session.RunAsync("run");
        Result again = await session.RunAsync("run");
        Result health = await session.RunAsync("health");
        Result stranger = await session.RunAsync("crl", "restore", Path.Combine(session.Data, "external", $"{IssuingCa}.crt"));
        Result restored = (await session.RunAsync("crl", "restore", session.Folder.At("old.crl"))).Done();

        Assert.Equal([ExitCode.Fault, ExitCode.Fault, ExitCode.Unhealthy, ExitCode.Fault], new[] { lost, again, health, stranger }.Select(result => result.ExitCode));
        Assert.Contains("crl restore FILE", again.Output, StringComparison.Ordinal);
        Assert.Contains("is no CRL that the key of a CA here signed", stranger.Error, StringComparison.Ordinal);
        Assert.Contains("takes over CRL 2 with 1 entry", restored.Output, StringComparison.Ordinal);
        Assert.Equal(1, Read(file).EntryCount);
        (await session.RunAsync("run")).Done();
        (await session.RunAsync("health")).Done();
    }

    [Fact]
    public async Task A_lost_CRL_may_be_accepted()
    {
        using Session session = await new Session { Clock = new FixedClock() }.WithCaAsync();
        string file = Path.Combine(session.Data, "external", $"{IssuingCa}.crl");
        File.Delete(file);
        File.Delete($"{file}.pem");
        File.Delete(Path.Combine(session.Data, "internal", "crl", $"{IssuingCa}.crl"));
        Assert.Equal(ExitCode.Fault, (await session.RunAsync("run")).ExitCode);

        JsonElement accepted = (await session.RunAsync("crl", "accept", IssuingCa, "--output", "json")).Done().Json.GetProperty("Crls")[0];

        Assert.Equal(("Accepted", false), (accepted.GetProperty("Status").GetString(), accepted.GetProperty("Failed").GetBoolean()));
        (await session.RunAsync("run")).Done();
        Assert.Contains("no CRL was lost", (await session.RunAsync("crl", "accept")).Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_crl_publishes_ends_with_1_if_an_entry_of_the_list_failed()
    {
        using Session session = await new Session { Clock = new FixedClock() }.WithCaAsync();
        string file = Path.Combine(session.Data, "external", $"{IssuingCa}.crl");
        File.Delete(file);
        File.Delete($"{file}.pem");
        File.Delete(Path.Combine(session.Data, "internal", "crl", $"{IssuingCa}.crl"));
        await session.RunAsync("run");
        File.WriteAllText(Path.Combine(session.Data, "internal", "revoked.json"), """[{"common_name": "nobody", "serial_number": "1"}]""");

        Result accepted = await session.RunAsync("crl", "accept", IssuingCa);

        Assert.True(accepted.ExitCode == ExitCode.Fault, accepted.Output + accepted.Error);
        Assert.Contains("1 entry of revoked.json failed", accepted.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_one_run_with_the_clock_ahead_every_run_and_revocation_fails_until_the_file_is_set_aside()
    {
        var clock = new FixedClock();
        using Session session = await new Session { Clock = clock }.WithCaAsync();
        DateTimeOffset right = clock.Now;
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        clock.Now = right.AddYears(11);
        await session.RunAsync("run");
        clock.Now = right;

        Result run = await session.RunAsync("run");
        Result revoke = await session.RunAsync("revoke", "a");
        Result aside = (await session.RunAsync("crl", "set-aside")).Done();

        string file = Path.Combine(session.Data, "external", $"{IssuingCa}.crl");
        Assert.Equal([ExitCode.Fault, ExitCode.Fault], new[] { run, revoke }.Select(result => result.ExitCode));
        Assert.Contains($"{IssuingCa}.crl is dated 2041-01-02 11:55:00, ahead of the clock", run.Output, StringComparison.Ordinal);
        Assert.Contains($"'serverless-ca crl set-aside {IssuingCa}'", revoke.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("delete", run.Output + run.Error + revoke.Error, StringComparison.Ordinal);
        Assert.Contains($"crl/{IssuingCa}.set-aside-2.crl", aside.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(session.Data, "internal", "crl", $"{IssuingCa}.set-aside-2.crl")));
        Assert.Equal((3, 1), ((int)Read(file).Number!.Value, Read(file).EntryCount));
        (await session.RunAsync("run")).Done();
    }

    [Theory]
    [InlineData("crl")]
    [InlineData("crl", "delete")]
    [InlineData("crl", "restore")]
    [InlineData("crl", "accept", "nobody")]
    public async Task Wrong_usage_changes_nothing(params string[] arguments)
    {
        using Session session = await new Session { Clock = new FixedClock() }.WithCaAsync();

        Assert.Equal(ExitCode.Usage, (await session.RunAsync(arguments)).ExitCode);
    }

    private static CertificateRevocationList Read(string file)
    {
        Assert.True(CertificateRevocationList.TryDecode(File.ReadAllBytes(file), out CertificateRevocationList? crl));
        return crl;
    }

    private static async Task DeleteRowAsync(Session session, string name)
    {
        await using var ledger = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(session.Data, "ca.db")};Pooling=False");
        await ledger.OpenAsync(TestContext.Current.CancellationToken);
        await using Microsoft.Data.Sqlite.SqliteCommand command = ledger.CreateCommand();
        command.CommandText = "DELETE FROM Certificates WHERE CommonName = $name";
        command.Parameters.AddWithValue("$name", name);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }
}
