using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests from the command line who may be issued what (contract 12.20, 12.23, 12.28, 12.30).</summary>
public sealed class WhoMayBeIssuedTests
{
    private const string IssuingCa = "serverless-issuing-ca-dev";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("OCSP_SIGNING")]
    [InlineData("1.3.6.1.5.5.7.3.9")]
    public async Task OCSP_SIGNING_is_refused_until_the_settings_allow_it_and_then_health_says_so(string usage)
    {
        using Session session = await new Session().WithCaAsync();

        Result refused = await session.RunAsync("request", "--common-name", "a", "--eku", usage, "--out", session.Certs);

        Assert.Equal(ExitCode.Refused, refused.ExitCode);
        Assert.Contains("the CA refused: OCSP_SIGNING is not allowed", refused.Error, StringComparison.Ordinal);
        Assert.Contains("allow_ocsp_signing in the CA's settings.json", refused.Error, StringComparison.Ordinal);

        await SetAsync(session, "\"allow_ocsp_signing\": false", "\"allow_ocsp_signing\": true");
        (await session.RunAsync("request", "--common-name", "a", "--eku", usage, "--out", session.Certs)).Done();
        (await session.RunAsync("health")).Done();

        await SetAsync(session, "\"allow_ocsp_signing\": true", "\"allow_ocsp_signing\": false");
        Result health = await session.RunAsync("health");
        Assert.Equal(ExitCode.Unhealthy, health.ExitCode);
        Assert.Contains("1 live certificates can answer for the CA who is revoked", health.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Serverless Issuing CA", "Subject is reserved")]
    [InlineData("serverless-issuing-ca-dev ", "Common name is reserved")]
    [InlineData("ｓerverless-root-ca-dev", "Common name is reserved")]
    public async Task Nobody_gets_the_name_of_a_CA(string name, string why)
    {
        using Session session = await new Session().WithCaAsync();

        Result refused = await session.RunAsync("request", "--common-name", name, "--out", session.Certs);

        Assert.Equal(ExitCode.Refused, refused.ExitCode);
        Assert.Contains($"the CA refused: {why}", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_was_revoked_as_compromised_is_not_certified_again_even_if_forced()
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();
        GitOpsFolder.OfEntries(session.Folder, "[]", "leaked");
        string[] request = ["request", "--csr", session.Folder.At("gitops", "csrs", "leaked.csr"), "--common-name", "leaked", "--out", session.Certs, "--force-issue"];
        (await session.RunAsync(request)).Done();
        (await session.RunAsync("revoke", "leaked", "--reason", "keyCompromise")).Done();

        Result refused = await session.RunAsync(request);

        Assert.Equal(ExitCode.Refused, refused.ExitCode);
        Assert.Contains("the CA refused: Key has been reported as compromised", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_an_issuing_CA_was_replaced_as_the_FAQ_of_the_original_says_the_folder_is_issued_anew_once()
    {
        OpenSsl.IsNeeded();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(-1));
        using Session session = await new Session { Clock = clock }.WithCaAsync();
        string folder = GitOpsFolder.OfEntries(
            session.Folder,
            """[{"common_name": "kept", "csr_file": "kept.csr"}, {"common_name": "gone", "csr_file": "gone.csr"}, {"common_name": "revoked", "csr_file": "revoked.csr"}]""",
            "kept", "gone", "revoked");
        (await session.RunAsync("run", folder)).Done();
        (await session.RunAsync("revoke", "revoked")).Done();
        string lost = (await session.RunAsync("show", "gone", "--output", "json")).Done().Output;
        await DeleteRowAsync(session, IssuingCa);
        await DeleteRowAsync(session, "gone");
        File.Delete(Directory.EnumerateFiles(Path.Combine(session.Data, "keys")).Single(file => Path.GetFileName(file).StartsWith(IssuingCa, StringComparison.Ordinal)));
        clock.Advance(TimeSpan.FromMinutes(30)); // so that 'get' takes the newer of two certificates of a name

        JsonElement anew = (await session.RunAsync("run", folder, "--output", "json")).Json;
        JsonElement quiet = (await session.RunAsync("run", folder, "--output", "json")).Json;

        Assert.Equal(["Issued", "Issued", "AlreadyIssued"], Statuses(anew));
        Assert.Equal(["AlreadyIssued", "AlreadyIssued", "AlreadyIssued"], Statuses(quiet));
        string warning = Entries(anew)[1].GetProperty("Warnings").EnumerateArray().Single().GetString()!;
        Assert.Contains("may still be valid", warning, StringComparison.Ordinal);
        Assert.Contains(warning.Split("serial number ")[1].Split(',')[0], lost, StringComparison.Ordinal);
        Assert.Contains(
            quiet.GetProperty("Steps").EnumerateArray().Select(step => step.GetProperty("Message").GetString()),
            message => message!.StartsWith("0 of 3 entries issued; 1 already issued, whose CA or row is gone", StringComparison.Ordinal));
        session.Folder.Write("kept.pem", (await session.RunAsync("get", "kept")).Done().Output);
        session.Folder.Write("chain.pem", (await session.RunAsync("chain")).Done().Output);
        OpenSsl.Verify(session.Folder.At("kept.pem"), session.Folder.At("chain.pem"));
    }

    [Fact]
    public async Task With_the_clock_400_days_back_the_built_program_issues_nothing_and_ends_with_3()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/faketime"), "faketime is not installed: apt-get install faketime");
        using Session session = await new Session().WithCaAsync();
        string[] wrapper = ["env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "NO_FAKE_STAT=1", "/usr/bin/faketime", "-m", "-f", "-400d"];

        using Process process = Executable.StartUnder(
            wrapper, session.Folder.Path, "request", "--common-name", "early", "--out", session.Certs, "--ca", $"local:{session.Data}");
        Result refused = await Executable.ResultOfAsync(process);

        Assert.True(refused.ExitCode == ExitCode.Refused, refused.Error);
        Assert.Contains($"the CA refused: CA {IssuingCa} is not valid before ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("check the clock of this machine", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Certs) && Directory.EnumerateFiles(session.Certs, "*-cert.pem").Any());
    }

    [Theory]
    [InlineData("\"pathLengthConstraint\": 0", "pathLengthConstraint is 0: below such a root no issuing CA can be signed")]
    [InlineData("\"country\": \"gb\"", "country must be two capital letters, such as GB")]
    [InlineData("\"emailAddress\": \"nobody\"", "emailAddress must be an e-mail address")]
    [InlineData("\"organization\": \"12345678901234567890123456789012345678901234567890123456789012345\"", "organization has 65 characters: give at most 64")]
    public async Task A_root_with_bad_settings_is_not_created_and_one_that_exists_goes_on_and_is_warned_of(string bad, string problem)
    {
        using Session existing = await new Session().WithCaAsync();
        using var session = new Session();
        Directory.CreateDirectory(session.Data);
        await File.WriteAllTextAsync(Path.Combine(session.Data, "settings.json"), $$$"""{"root_ca_info": {"commonName": "R", {{{bad}}}}}""", Cancellation);

        Result run = await session.RunAsync("run");

        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.Contains($"root_ca_info: {problem}", run.Output, StringComparison.Ordinal);

        File.Copy(Path.Combine(session.Data, "settings.json"), Path.Combine(existing.Data, "settings.json"), overwrite: true);
        (await existing.RunAsync("run")).Done();
        (await existing.RunAsync("request", "--common-name", "a", "--out", existing.Certs)).Done();
        Assert.Contains(problem, (await existing.RunAsync("health")).Done().Output, StringComparison.Ordinal);
    }

    private static async Task SetAsync(Session session, string from, string to)
    {
        string file = Path.Combine(session.Data, "settings.json");
        string text = await File.ReadAllTextAsync(file, Cancellation);
        Assert.Contains(from, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text.Replace(from, to, StringComparison.Ordinal), Cancellation);
    }

    private static Task DeleteRowAsync(Session session, string name) => RunAsync(
        "python3", "-c", "import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as db: assert db.execute('delete from Certificates where CommonName = ?', (sys.argv[2],)).rowcount == 1",
        Path.Combine(session.Data, "ca.db"), name);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Executable.Launch([program, .. arguments], Path.GetTempPath());
        (await Executable.ResultOfAsync(process)).Done();
    }

    private static JsonElement[] Entries(JsonElement report) => [.. report.GetProperty("Entries").EnumerateArray()];

    private static IEnumerable<string?> Statuses(JsonElement report) => Entries(report).Select(entry => entry.GetProperty("Status").GetString());
}
