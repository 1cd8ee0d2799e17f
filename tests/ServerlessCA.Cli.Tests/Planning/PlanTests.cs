using System.Security.Cryptography;
using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Planning;

public sealed class PlanTests
{
    private static readonly string Example = Repository.At("examples", "gitops", "dev");

    [Fact]
    public async Task A_plan_changes_no_file_and_makes_none()
    {
        using var session = new Session();
        (await session.RunAsync("plan", Example)).Done();
        Assert.False(Directory.Exists(session.Data));

        (await session.RunAsync("run", Example)).Done();
        string folder = session.Folder.At("changed");
        Directory.CreateDirectory(Path.Combine(folder, "csrs"));
        File.WriteAllText(Path.Combine(folder, "tls.json"), """[{"common_name": "a", "csr_file": "lost.csr"}]""");
        File.WriteAllText(Path.Combine(folder, "revoked.json"), """[{"common_name": "nobody", "serial_number": 17}]""");
        string before = StateOf(session.Folder.Path);

        foreach (string output in (string[])["text", "json", "markdown"])
        {
            Assert.Equal(ExitCode.Fault, (await session.RunAsync("plan", folder, "--show", "--output", output)).ExitCode);
        }

        Assert.Equal(before, StateOf(session.Folder.Path));
    }

    [Fact]
    public async Task The_exit_code_says_what_is_wrong_and_if_it_is_asked_for_that_there_is_something_to_do()
    {
        using var session = new Session();
        string refused = session.Folder.Write("refused/tls.json", """[{"common_name": "a", "csr_file": "lost.csr"}]""")[..^"/tls.json".Length];
        string broken = session.Folder.Write("broken/tls.json", "[{]")[..^"/tls.json".Length];

        Assert.Equal(0, (await session.RunAsync("plan", Example)).ExitCode);
        Assert.Equal(4, (await session.RunAsync("plan", Example, "--exit-code")).ExitCode);
        Assert.Equal(4, (await session.RunRawAsync("plan", Example, "--exit-code", "--ca", "none")).ExitCode);
        Assert.Equal(3, (await session.RunAsync("plan", refused, "--exit-code")).ExitCode);
        Assert.Equal(1, (await session.RunAsync("plan", broken, "--exit-code")).ExitCode);

        (await session.RunAsync("run", Example)).Done();
        Assert.Equal(0, (await session.RunAsync("plan", Example, "--exit-code")).ExitCode);
    }

    [Fact]
    public async Task What_is_to_be_signed_is_read_by_openssl_and_equals_what_is_issued_but_for_the_serial_number()
    {
        OpenSsl.IsNeeded();
        using var session = new Session { Clock = new FixedClock() };
        (await session.RunAsync("run")).Done();

        JsonElement entry = (await session.RunAsync("plan", Example, "--show", "--output", "json")).Done().Json.GetProperty("Entries")[1];
        byte[] tbs = entry.GetProperty("Certificate").GetProperty("Base64Tbs").GetBytesFromBase64();
        string text = (await session.RunAsync("plan", Example, "--show")).Done().Output;
        string pem = text[text.IndexOf("-----BEGIN TBS CERTIFICATE-----", StringComparison.Ordinal)..];
        (await session.RunAsync("run", Example)).Done();
        string issued = session.Folder.Write("issued.pem", (await session.RunAsync("get", "www.example.com")).Done().Output);

        string[] planned = Parsed(session.Folder.At("tbs.der"), tbs, "DER");
        string[] real = [.. OpenSsl.Run("asn1parse", "-in", issued, "-strparse", "4").Split('\n').Select(Content)];
        Assert.Equal(real.Length, planned.Length);
        Assert.Equal("the serial number alone differs: 1", $"the serial number alone differs: {planned.Zip(real).Count(pair => pair.First != pair.Second)}");
        Assert.Contains("SEQUENCE", OpenSsl.Run("asn1parse", "-in", session.Folder.Write("tbs.pem", pem)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_the_CA_that_will_be_asked_count_without_it()
    {
        using var session = new Session();
        string settings = session.Folder.Write("settings.json", """{"max_cert_lifetime": 7, "public_crl": true, "hosted_zone_domain": "ca.example.com", "issuing_ca_key_spec": "ML_DSA_44"}""");

        string shown = (await session.RunRawAsync("plan", Example, "--ca", "none", "--settings", settings, "--show")).Done().Output;

        Assert.Contains("http://ca.example.com/serverless-issuing-ca-dev.crl", shown, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await session.RunAsync("plan", Example, "--settings", settings)).ExitCode);
        Result wrong = await session.RunRawAsync("plan", Example, "--ca", "none", "--settings", session.Folder.Write("wrong.json", "{}x"));
        Assert.Equal(ExitCode.Fault, wrong.ExitCode);
        Assert.Contains("not JSON", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_needs_neither_the_keys_of_the_CA_nor_their_passphrase()
    {
        using var session = new Session();
        (await session.RunAsync("run", Example)).Done();
        Directory.Delete(Path.Combine(session.Data, "keys"), recursive: true);

        Assert.Contains("5 already issued", (await session.RunAsync("plan", Example)).Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markdown_is_for_plans_alone_and_each_command_names_its_own_formats()
    {
        using var session = new Session();

        Result result = await session.RunAsync("list", "--output", "markdown");

        Assert.Equal((ExitCode.Usage, "error: --output 'markdown' is not for this command\nhint: choose from text, json, csv\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task A_comment_has_no_more_characters_than_a_pull_request_takes()
    {
        using var session = new Session();
        string entries = string.Join(",\n", Enumerable.Range(0, 2000).Select(number => $$"""{"common_name": "host{{number}}.example.com", "csr_file": "lost.csr"}"""));
        string folder = session.Folder.Write("many/tls.json", $"[\n{entries}\n]")[..^"/tls.json".Length];

        string text = (await session.RunAsync("plan", folder, "--output", "markdown")).Output;

        Assert.InRange(text.Length, 50_000, 65_000);
        Assert.Matches(@"And [0-9]+ lines more", text);
    }

    private static string[] Parsed(string file, byte[] der, string form)
    {
        File.WriteAllBytes(file, der);
        return [.. OpenSsl.Run("asn1parse", "-inform", form, "-in", file).Split('\n').Select(Content)];
    }

    // Without offsets and header lengths.
    private static string Content(string line) => line.Contains("prim:", StringComparison.Ordinal) || line.Contains("cons:", StringComparison.Ordinal)
        ? line[line.IndexOf(':', line.IndexOf("l=", StringComparison.Ordinal) < 0 ? 0 : line.IndexOf("l=", StringComparison.Ordinal))..]
        : line;

    private static string StateOf(string folder) => string.Join('\n', Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"));
}
