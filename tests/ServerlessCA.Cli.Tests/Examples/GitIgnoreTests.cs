using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Examples;

/// <summary>Tests that no keys are committed when an example is copied into another repository.</summary>
public sealed class GitIgnoreTests
{
    public static TheoryData<string> Examples =>
        [.. Directory.EnumerateDirectories(Repository.At("examples", "terraform")).Append(Repository.At("examples", "agent")).Append(Repository.At("examples", "gitops", "dev"))
            .Select(path => Path.GetRelativePath(Repository.At("examples"), path)).Order()];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_example_keeps_keys_out_of_repositories(string example)
    {
        using Session session = await new Session().WithCaAsync();
        string copy = session.Folder.At("copy");
        Assert.Equal(0, ForeignProgram.Run("cp", "-r", Repository.At("examples", example), copy).ExitCode);
        Assert.Equal(0, ForeignProgram.Run("git", "init", "-q", copy).ExitCode);
        string csrs = Path.Combine(copy, "csrs");
        string passphrase = session.Folder.Write("passphrase", "passphrase for tests");

        (await session.RunAsync("request", "--common-name", "a", "--der", "--pkcs12", "--key-passphrase-file", passphrase, "--out", csrs)).Done();
        (await session.RunAsync("csr", "--common-name", "b", "--out", copy)).Done();
        (await session.RunRawAsync("run", "--ca", $"local:{Path.Combine(copy, ".serverless-ca")}")).Done();

        Assert.Equal(0, ForeignProgram.Run("git", "-C", copy, "add", "-A").ExitCode);
        string[] added = ForeignProgram.Run("git", "-C", copy, "ls-files").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("b.csr", added);
        Assert.Contains("csrs/client-cert.pem", added);
        Assert.DoesNotContain(added, IsSecret);
    }

    private static bool IsSecret(string name) => name.Contains("key", StringComparison.Ordinal) || name.Contains("combined", StringComparison.Ordinal)
        || name.EndsWith(".p12", StringComparison.Ordinal) || name.StartsWith(".serverless-ca/", StringComparison.Ordinal);
}
