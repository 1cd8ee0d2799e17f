using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests that <c>request</c> leaves the old files and no part of new ones when it fails.</summary>
public sealed class RequestFaultTests
{
    [Fact]
    public async Task A_refusal_changes_no_file_and_makes_no_folder()
    {
        using Session session = await new Session().WithCaAsync();

        Result result = await session.RunAsync("request", "--common-name", "serverless-root-ca-dev", "--out", session.Certs, "--output", "json");

        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.Equal("Common name is reserved", result.Json.GetProperty("error").GetString());
        Assert.False(Directory.Exists(session.Certs));
    }

    [Fact]
    public async Task A_refused_renewal_leaves_the_old_files()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        Dictionary<string, string> before = Contents(session.Certs);

        Assert.Equal(ExitCode.Refused, (await session.RunAsync("request", "--common-name", "a", "--lifetime", "0", "--out", session.Certs)).ExitCode);

        Assert.Equal(before, Contents(session.Certs));
    }

    [Fact]
    public async Task A_renewal_replaces_all_files()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        Dictionary<string, string> before = Contents(session.Certs);

        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();

        Dictionary<string, string> after = Contents(session.Certs);
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.NotEqual(before["client-cert.pem"], after["client-cert.pem"]);
        Assert.NotEqual(before["client-cert-key.pem"], after["client-cert-key.pem"]);
        Assert.Equal(before["ca-bundle.pem"], after["ca-bundle.pem"]);
    }

    [Theory]
    [InlineData("client-cert.pem")]
    [InlineData("client-cert-key.pem")]
    [InlineData("client-cert-combined.pem")]
    [InlineData("ca-bundle.pem")]
    public async Task A_link_is_neither_followed_nor_replaced(string name)
    {
        using Session session = await new Session().WithCaAsync();
        string target = session.Folder.Write("target", "precious");
        Directory.CreateDirectory(session.Certs);
        File.CreateSymbolicLink(Path.Combine(session.Certs, name), target);

        Result result = await session.RunAsync("request", "--common-name", "a", "--out", session.Certs);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("is a symbolic link", result.Error, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(target));
        Assert.Equal([name], Directory.EnumerateFileSystemEntries(session.Certs).Select(Path.GetFileName));
        Assert.DoesNotContain("\"a\"", (await session.RunAsync("list", "--output", "json")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_at_once_into_one_folder_never_mix_their_files()
    {
        using Session session = await new Session().WithCaAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
            (await session.RunAsync("request", "--common-name", "n", "--lifetime", $"{i + 1}", "--out", session.Certs)).Done()));

        using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(
            Path.Combine(session.Certs, "client-cert.pem"), Path.Combine(session.Certs, "client-cert-key.pem"));
        Assert.True(certificate.HasPrivateKey); // the platform refuses a key of another certificate
        Assert.StartsWith(session.Folder.Read("certs", "client-cert-key.pem") + session.Folder.Read("certs", "client-cert.pem"),
            session.Folder.Read("certs", "client-cert-combined.pem"), StringComparison.Ordinal);
        Assert.Equal(4, Directory.EnumerateFiles(session.Certs).Count());
    }

    [Fact]
    public async Task A_damaged_ledger_issues_nothing_and_keeps_no_key()
    {
        using Session session = await new Session().WithCaAsync();
        File.WriteAllText(Path.Combine(session.Data, "ca.db"), "not a database, whatever its name says");

        Result result = await session.RunAsync("request", "--common-name", "a", "--out", session.Certs);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Certs));
    }

    [Theory]
    [InlineData("--lifetime 'long' is not a whole number", "--common-name", "a", "--lifetime", "long")]
    [InlineData("--san 'https://www.example.com': 'https' is not a type of name", "--common-name", "a", "--san", "https://www.example.com")]
    [InlineData("--extension '1.2.3' has no value", "--common-name", "a", "--extension", "1.2.3")]
    [InlineData("--purpose 'serverauth' is unknown", "--common-name", "a", "--purpose", "serverauth")]
    [InlineData("--eku 'CODE_SIGNIN' is unknown", "--common-name", "a", "--eku", "CODE_SIGNIN")]
    [InlineData("--key-type 'rsa' is unknown", "--common-name", "a", "--key-type", "rsa")]
    [InlineData("--notify-expiry 'yes' is unknown", "--common-name", "a", "--notify-expiry", "yes")]
    [InlineData("--country 'GBR' must be two letters", "--common-name", "a", "--country", "GBR")]
    [InlineData("--name '../a' cannot begin a file name", "--common-name", "a", "--name", "../a")]
    [InlineData("--name '\U0001F511' cannot begin a file name", "--common-name", "a", "--name", "\U0001F511")]
    [InlineData("--csr '/' is a folder", "--common-name", "a", "--csr", "/")]
    [InlineData("--file and --key-passphrase-file are both standard input", "--common-name", "a", "--file", "-", "--key-passphrase-file", "-")]
    [InlineData("--key-passphrase-file '-' is empty or has more than one line", "--common-name", "a", "--key-passphrase-file", "-")]
    [InlineData("--name 'ca-bundle' would make files", "--common-name", "a", "--name", "ca-bundle")]
    [InlineData("--name 'a-key' would make files", "--common-name", "a", "--name", "a-key")]
    [InlineData("--csr 'nowhere.csr': there is no such file", "--common-name", "a", "--csr", "nowhere.csr")]
    [InlineData("--key-passphrase-env NOT_SET: the variable is not set", "--common-name", "a", "--key-passphrase-env", "NOT_SET")]
    [InlineData("--csr names no file", "--common-name", "a", "--csr", "")]
    [InlineData("--out names no folder", "--common-name", "a", "--out", "")]
    [InlineData("the subject has no name")]
    public async Task A_wrong_option_does_nothing(string message, params string[] arguments)
    {
        using Session session = await new Session().WithCaAsync();

        Result result = await session.RunAsync(["request", .. arguments.Contains("--out") ? (string[])[] : ["--out", session.Certs], .. arguments]);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains($"error: {message}", result.Error, StringComparison.Ordinal);
        Assert.Contains("\nhint: ", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.Error.Count(c => c == '\n'));
        Assert.False(Directory.Exists(session.Certs));
    }

    private static Dictionary<string, string> Contents(string folder) =>
        Directory.EnumerateFiles(folder).ToDictionary(file => Path.GetFileName(file), File.ReadAllText);
}
