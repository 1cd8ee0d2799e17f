using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Served;

/// <summary>What a command writes about a CA is the same, byte by byte, whether the CA is in a folder or behind HTTP: also messages
/// and exit code.</summary>
public sealed class SameAnswerTests(ServedCa ca) : IClassFixture<ServedCa>
{
    private static readonly string Example = Repository.At("examples", "gitops", "dev");
    private static readonly string Changed = Repository.At("tests", "golden", "cli", "changed");

    public static TheoryData<string> Readings =>
    [
        "list",
        "list --output json",
        "list --output csv",
        "list --wide",
        "list --name CLIENT",
        "list --name nobody",
        "list --valid",
        "list --expired --revoked",
        "list --revoked --output json",
        "list --expires-within 6w --sort expiry",
        "list --san *.EXAMPLE.com --output json",
        "list --san odd.example.com",
        "list --purpose server --sort issued",
        "list --purpose 1.3.6.1.5.5.7.3.2 --output csv",
        "list --issuer serverless-issuing-ca-dev",
        "list --source gitops --sort revoked",
        "list --source direct --limit 1",
        "list --sort expiry --limit 3 --output json",
        "show www.example.com",
        "show www.example.com --output json",
        "show client.example.com",
        "show client.example.com --output json",
        "show odd/name?with=#100%",
        "show Jürgen\u00A0\u202E --output json",
        "show serverless-root-ca-dev",
        "show serverless-issuing-ca-dev --output json",
        "show Client.example.com",
        "show nobody",
        "show 17",
        "show 0x0BADC0FFEE",
        "show ..",
        "get www.example.com",
        "get www.example.com --bundle",
        "get client.example.com --bundle --output json",
        "get serverless-root-ca-dev --bundle",
        "get www.example.com --serial 17",
        "get nobody",
        "history",
        "history --since 50d --output json",
        "history client.example.com",
        "history odd/name?with=#100% --output json",
        "history --limit 3",
        "history --since 2030-02-01",
        "history nobody",
        "history nobody --since 1d",
        "history --limit 0",
        "list --expires-within soon",
        "list --name ", // and an empty word, as of a variable of a script that is not set
        "list --san ",
        "list --issuer ",
        "show ",
        "history ",
    ];

    public static TheoryData<string, string> Plans => new MatrixTheoryData<string, string>(
        ["example", "changed", "broken", "nothing"], ["", "--show", "-v", "--output json", "--output json --show", "--output markdown", "--output markdown --show", "--exit-code", "--target alb --target iam-roles-anywhere"]);

    [Theory]
    [MemberData(nameof(Readings))]
    public async Task A_command_that_reads_writes_the_same(string command)
    {
        string[] words = [.. command.Split(' ').Select(word => word.Replace('\u00A0', ' '))];

        Result here = await ca.Session.RunAsync(words);
        Result there = await ca.RunServedAsync(words);

        Assert.Equal(AllOf(here), AllOf(there));
    }

    [Theory]
    [InlineData("show")]
    [InlineData("get")]
    [InlineData("history")]
    public async Task A_serial_number_finds_the_same_in_any_form(string command)
    {
        foreach (string serial in await ca.SerialsAsync("client.example.com"))
        {
            string hex = System.Numerics.BigInteger.Parse(serial, System.Globalization.CultureInfo.InvariantCulture).ToString("X", System.Globalization.CultureInfo.InvariantCulture);
            string colons = string.Join(':', hex.PadLeft(hex.Length + (hex.Length % 2), '0').Chunk(2).Select(pair => new string(pair)));
            foreach (string text in (string[])[serial, $"0x{hex}", colons, colons.ToLowerInvariant()])
            {
                Result here = await ca.Session.RunAsync(command, text);

                Assert.Equal(ExitCode.Done, here.ExitCode);
                Assert.Equal(AllOf(here), AllOf(await ca.RunServedAsync(command, text)));
            }
        }

        string older = (await ca.SerialsAsync("client.example.com"))[1];
        Assert.Equal(
            AllOf((await ca.Session.RunAsync("get", "client.example.com", "--serial", older)).Done()),
            AllOf(await ca.RunServedAsync("get", "client.example.com", "--serial", older)));
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task A_plan_is_the_same_up_to_the_name_of_the_CA(string folder, string options)
    {
        string path = folder switch
        {
            "example" => Example,
            "changed" => Changed,
            "broken" => Broken(),
            _ => ca.Session.Folder.Write("nothing/revoked.json", "[]")[..^"/revoked.json".Length],
        };
        string[] words = ["plan", path, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

        Result here = await ca.Session.RunAsync(words);
        Result there = await ca.RunServedAsync(words);

        // The CA knows the files from the request alone.
        Assert.Equal(
            AllOf(here).Replace($"in folder '{path}'", "in the request", StringComparison.Ordinal).Replace($"in folder `{path}`", "in the request", StringComparison.Ordinal),
            AllOf(there).Replace(ca.Url, $"local:{ca.Session.Data}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_found_about_its_health_is_the_same_and_the_TLS_besides()
    {
        Result here = await ca.Session.RunAsync("health", "--no-fetch");
        Result there = await ca.RunServedAsync("health");

        string tls = Assert.Single(there.Output.Split('\n'), line => line.Contains(" TLS ", StringComparison.Ordinal));
        Assert.Contains("plain HTTP, which does not leave this machine", tls, StringComparison.Ordinal);
        Assert.Equal(here.ExitCode, there.ExitCode);
    }

    private static string AllOf(Result result) => $"{result.Output}{result.Error}exit code {result.ExitCode}";

    // Everything that can be wrong with an entry, and with what it names.
    private string Broken()
    {
        ca.Session.Folder.Write("broken/csrs/good.csr", File.ReadAllText(Path.Combine(Example, "csrs", "www-example-com.csr")));
        ca.Session.Folder.Write("broken/csrs/notes.csr", "these are notes, no CSR\n");
        ca.Session.Folder.Write("broken/revoked.json", """
            [{"common_name": "nobody", "serial_number": 1},
             {"common_name": "client.example.com"}, 17,
             {"common_name": "api.example.com", "serial_number": "12345678", "reason": "keyCompromise", "unrecorded": true}]
            """);
        return ca.Session.Folder.Write("broken/tls.json", """


            [{"common_name": "good.example.com", "csr_file": "good.csr", "sans": ["good.example.com", "bad_name"]},
             {"common_name": "lost.example.com", "csr_file": "lost.csr"},
             {"common_name": "notes.example.com", "csr_file": "notes.csr"},
             {"common_name": "climbs.example.com", "csr_file": "../tls.json"},
             {"csr_file": "good.csr"},
             "not an entry"]
            """)[..^"/tls.json".Length];
    }
}
