using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Examples;

/// <summary>Tests examples/systemd: systemd itself judges the units, and their commands are run.</summary>
public sealed class SystemdUnitTests
{
    // Our decision, in tenths: systemd calls what is below 2.0 "OK" and better.
    private const string MostExposure = "20";

    private static readonly string Folder = Repository.At("examples", "systemd");

    public static TheoryData<string> Services => [.. Units("*.service")];

    [Fact]
    public void There_is_a_unit_for_each_way_to_run_it_and_each_timer_has_its_service()
    {
        Assert.Equal(["serverless-ca-agent", "serverless-ca-backup", "serverless-ca-run", "serverless-ca-serve"], Units("*.service").Select(Path.GetFileNameWithoutExtension));
        Assert.All(Units("*.timer"), timer => Assert.True(File.Exists(Path.Combine(Folder, Path.ChangeExtension(timer, ".service"))), timer));
    }

    [Fact]
    public void Systemd_accepts_every_unit()
    {
        using var folder = new TemporaryFolder();
        string[] copies = [.. Units("*.service").Concat(Units("*.timer")).Select(unit => Copy(folder, unit))];

        (int exitCode, string output) = Analyze(["verify", "--recursive-errors=no", "--man=no", .. copies]);

        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("serverless-ca-", output, StringComparison.Ordinal); // not even a warning
    }

    [Fact]
    public void Systemd_sees_a_mistake_in_a_unit()
    {
        using var folder = new TemporaryFolder();
        string copy = Copy(folder, "serverless-ca-serve.service");
        File.WriteAllText(copy, File.ReadAllText(copy).Replace("ProtectSystem=strict", "ProtectSystem=strickt", StringComparison.Ordinal));

        Assert.Contains("strickt", Analyze(["verify", "--recursive-errors=no", "--man=no", copy]).Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_may_do_little(string unit)
    {
        using var folder = new TemporaryFolder();

        (int exitCode, string output) = Analyze(["security", "--offline=true", $"--threshold={MostExposure}", "--no-pager", Copy(folder, unit)]);

        Assert.True(exitCode == 0, output);
        Assert.Contains("Overall exposure level", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Keys_and_tokens_are_not_readable_by_others_and_come_as_credentials(string unit)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder, unit));

        Assert.Contains("UMask=0077", lines);
        Assert.Contains(lines, line => line.StartsWith("User=", StringComparison.Ordinal));
        Assert.All(
            lines.Where(line => line.Contains("--token-file", StringComparison.Ordinal) || line.Contains("--passphrase-file", StringComparison.Ordinal)),
            line => Assert.Contains("CREDENTIALS_DIRECTORY", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("serverless-ca-serve.service")]
    [InlineData("serverless-ca-run.service")]
    [InlineData("serverless-ca-agent.service")]
    public async Task The_command_of_a_service_works(string unit)
    {
        string line = File.ReadLines(Path.Combine(Folder, unit)).Single(one => one.StartsWith("ExecStart=", StringComparison.Ordinal));
        string[] words = [.. line["ExecStart=".Length..].Split(' ').Select(word => word
            .Replace("${LISTEN}", "0.0.0.0:8443", StringComparison.Ordinal).Replace("${TLS_NAME}", "ca.example.com", StringComparison.Ordinal)
            .Replace("${CREDENTIALS_DIRECTORY}", "/run/credentials", StringComparison.Ordinal).Replace("%H", "web.example.com", StringComparison.Ordinal))];

        Assert.Equal("/usr/local/bin/serverless-ca", words[0]);
        using var folder = new TemporaryFolder();
        await ExampleCommand.RunAsync(words[1..], unit.Contains("agent", StringComparison.Ordinal) ? null : GitOpsFolder(folder));
    }

    [Fact]
    public async Task The_command_of_the_backup_writes_a_backup_that_restores()
    {
        string line = File.ReadLines(Path.Combine(Folder, "serverless-ca-backup.service")).Single(one => one.StartsWith("ExecStart=", StringComparison.Ordinal));
        const string Shell = "ExecStart=/bin/sh -c '";
        Assert.StartsWith(Shell, line, StringComparison.Ordinal);
        using Session session = await new Session().WithCaAsync();
        Modes.Set(session.Folder.Write("credentials/passphrase", "NmYyZDNhNmYtdGVzdC1vbmx5LXBhc3NwaHJhc2U="), "0600");
        Directory.CreateDirectory(session.Folder.At("backups"));
        string script = line[Shell.Length..^1].Replace("%%", "%", StringComparison.Ordinal)
            .Replace("/usr/local/bin/serverless-ca", $"\"{Executable.Built}\"", StringComparison.Ordinal)
            .Replace("/var/lib/serverless-ca-backups", session.Folder.At("backups"), StringComparison.Ordinal)
            .Replace("/var/lib/serverless-ca/ca", session.Data, StringComparison.Ordinal);

        (int exitCode, string output) = ForeignProgram.Run("/bin/sh", "-c", $"CREDENTIALS_DIRECTORY='{session.Folder.At("credentials")}'; export CREDENTIALS_DIRECTORY; {script}");

        Assert.True(exitCode == 0, output);
        string backup = Assert.Single(Directory.EnumerateFiles(session.Folder.At("backups")));
        Assert.Matches(@"/\d{4}-\d\d-\d\d\.tar\.gz\.p7m$", backup);
        string[] crls = [.. Directory.EnumerateFiles(Path.Combine(session.Data, "external"), "*.crl").SelectMany(file => (string[])["--crl", file])];
        (await session.RunRawAsync(["restore", backup, "--passphrase-file", session.Folder.At("credentials/passphrase"), .. crls, "--ca", $"local:{session.Folder.At("restored")}"])).Done();
    }

    private static string GitOpsFolder(TemporaryFolder folder)
    {
        folder.Write("gitops/tls.json", "[]");
        return folder.At("gitops");
    }

    // The program is where this machine has one, so that systemd finds it.
    private static string Copy(TemporaryFolder folder, string unit) =>
        folder.Write(unit, File.ReadAllText(Path.Combine(Folder, unit)).Replace("/usr/local/bin/serverless-ca", Executable.Built, StringComparison.Ordinal));

    private static (int ExitCode, string Output) Analyze(string[] arguments)
    {
        ForeignProgram.SkipUnlessInstalled("systemd-analyze", "systemd");
        return ForeignProgram.Run("systemd-analyze", arguments);
    }

    private static IEnumerable<string> Units(string pattern) => Directory.EnumerateFiles(Folder, pattern).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);
}
