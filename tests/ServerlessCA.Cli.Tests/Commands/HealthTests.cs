using System.Security.Cryptography;
using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Local;

namespace ServerlessCA.Cli.Tests.Commands;

public sealed class HealthTests
{
    private const string IssuingCa = "serverless-issuing-ca-dev";
    private const string RootCa = "serverless-root-ca-dev";

    [Fact]
    public async Task A_fresh_CA_is_good_and_nothing_is_changed_by_asking()
    {
        using Session session = await new Session().WithCaAsync();
        string[] before = Everything(session.Folder.Path);

        Result result = (await session.RunAsync("health")).Done();
        JsonElement json = (await session.RunAsync("health", "--output", "json")).Done().Json;

        Assert.Contains("good: 0 critical, 0 warning, ", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
        Assert.Equal("Good", json.GetProperty("Status").GetString());
        Assert.All(Findings(json), finding => Assert.StartsWith("Good ", finding, StringComparison.Ordinal));
        Assert.Contains("Good ledger every page and index is sound", Findings(json));
        Assert.Equal(before, Everything(session.Folder.Path));
    }

    [Fact]
    public async Task A_ledger_whose_pages_were_not_looked_at_is_a_warning()
    {
        using Session session = await new Session().WithCaAsync();
        using (FileStream ledger = File.OpenWrite(Path.Combine(session.Data, "ca.db")))
        {
            ledger.SetLength(LocalCa.MostCheckedBytes + 1); // SQLite ignores what follows its pages, and no block of the disk holds it
        }

        JsonElement json = (await session.RunAsync("health", "--output", "json")).Done().Json;

        Assert.Equal("Warning", json.GetProperty("Status").GetString());
        Assert.StartsWith("Warning ledger has more than 256 MiB, and its pages were not looked at", Findings(json)[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(94, ExitCode.Done)]
    [InlineData(96, ExitCode.Unhealthy)]
    public async Task A_CRL_near_its_end_is_critical(int percent, int exitCode)
    {
        var clock = new FixedClock();
        using Session session = await new Session { Clock = clock }.WithCaAsync();

        clock.Now += TimeSpan.FromSeconds(((24 * 60 * 60) + 600) * percent / 100.0); // contract section 3: a day and ten minutes
        Result result = await session.RunAsync("health", "--output", "json");

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(exitCode == ExitCode.Done ? 0 : 2, Findings(result.Json).Count(finding => finding.StartsWith("Critical ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_revoked_issuing_CA_is_critical_and_comes_first()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("revoke", IssuingCa)).Done();

        Result result = await session.RunAsync("health", "--output", "json");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Equal("Critical", result.Json.GetProperty("Status").GetString());
        Assert.StartsWith($"Critical {IssuingCa} CA {IssuingCa} was revoked on", Findings(result.Json)[0], StringComparison.Ordinal);
        Assert.Single(Findings(result.Json), finding => finding.StartsWith("Critical ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData($"{RootCa}.crt")]
    [InlineData($"{IssuingCa}.cer")]
    [InlineData($"{IssuingCa}.crl")]
    public async Task A_published_file_of_somebody_else_is_critical(string name)
    {
        using Session session = await new Session().WithCaAsync();
        using Session other = await new Session().WithCaAsync();
        File.Copy(Path.Combine(other.Data, "external", name), Path.Combine(session.Data, "external", name), overwrite: true);

        Result result = await session.RunAsync("health");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Contains($"critical  {name} ", result.Output, StringComparison.Ordinal);
        Assert.Contains("find out who replaced it, then run the pipeline", result.Output, StringComparison.Ordinal);
        (await session.RunAsync("run")).Done();
        (await session.RunAsync("health")).Done();
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no database, and it is longer than the hundred octets that SQLite looks at to tell whether a file is one of its own")]
    public async Task A_damaged_ledger_is_critical_and_left_alone(string content)
    {
        using Session session = await new Session().WithCaAsync();
        string ledger = Path.Combine(session.Data, "ca.db");
        File.WriteAllText(ledger, content);

        Result result = await session.RunAsync("health", "--output", "json");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Contains("is damaged", Assert.Single(Findings(result.Json)), StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(ledger));
    }

    [Fact]
    public async Task Settings_that_nobody_can_work_with_are_critical()
    {
        using Session session = await new Session().WithCaAsync();
        File.WriteAllText(Path.Combine(session.Data, "settings.json"), "{");

        Result result = await session.RunAsync("health");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Contains("settings.json", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_that_were_given_up_are_a_warning()
    {
        using Session session = await new Session().WithCaAsync();
        Directory.CreateDirectory(Path.Combine(session.Data, "outbox", "undelivered"));
        File.WriteAllText(Path.Combine(session.Data, "outbox", "undelivered", "one.json"), "{}");

        Result result = (await session.RunAsync("health")).Done();

        Assert.Contains("1 were given up", result.Output, StringComparison.Ordinal);
        Assert.Contains("warning: 0 critical, 1 warning, ", result.Output, StringComparison.Ordinal);
    }

    private static string[] Findings(JsonElement json) => [.. json.GetProperty("Findings").EnumerateArray().Select(finding =>
        $"{finding.GetProperty("Level").GetString()} {finding.GetProperty("Subject").GetString()} {finding.GetProperty("Text").GetString()}")];

    private static string[] Everything(string folder) => [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order()
        .Select(path => Directory.Exists(path) ? path : $"{path} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}")];
}
