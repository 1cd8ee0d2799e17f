using System.Text.Json;
using ServerlessCA.Cli.Tests.MutualTls;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests that lints (contract 12.31) find no mistake in the project's own examples when they are issued.
/// <c>SERVERLESS_CA_GITOPS_EXAMPLE</c> names another folder that must be free of mistakes as well.</summary>
public sealed class ExampleLintTests
{
    private const string Variable = "SERVERLESS_CA_GITOPS_EXAMPLE";
    private const string Mistake = "lint san-near-duplicate: 'www.example.com' and 'www.exmaple.com' differ by one letter: correct the wrong one";

    [Fact]
    public Task The_entries_of_the_example_folder_get_no_warning() => GetsNoWarningAsync(Repository.At("examples", "gitops", "dev"));

    [Fact]
    public Task The_entries_of_a_folder_from_elsewhere_get_no_warning()
    {
        string? folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{Variable} names no GitOps folder");
        return GetsNoWarningAsync(folder!);
    }

    [Fact]
    public async Task An_entry_with_a_mistake_gets_the_warning_of_the_lint()
    {
        using var session = new Session();
        session.Folder.Write("gitops/csrs/www.csr", File.ReadAllText(Repository.At("examples", "gitops", "dev", "csrs", "www-example-com.csr")));
        session.Folder.Write("gitops/tls.json", """[{"common_name": "www.example.com", "csr_file": "www.csr", "sans": ["www.example.com", "www.exmaple.com"]}]""");

        JsonElement entry = Assert.Single(await EntriesAsync(session, session.Folder.At("gitops")));

        Assert.Equal([Mistake], WarningsOf(entry));
    }

    [Fact]
    public async Task A_request_with_a_mistake_gets_the_warning_of_the_lint()
    {
        using Session session = await new Session().WithCaAsync();

        Result result = (await session.RunAsync(
            "request", "--common-name", "www.example.com", "--san", "www.exmaple.com", "--out", session.Certs, "--output", "json")).Done();

        Assert.Equal([Mistake], WarningsOf(result.Json));
    }

    [Fact]
    public async Task The_requests_of_the_README_get_no_warning()
    {
        using var session = new Session();
        int issued = 0;
        foreach (string[] command in ReadmeTests.Commands(session))
        {
            bool isRequest = command[0] == "request";
            Result result = (await session.RunAsync(isRequest ? [.. command, "--output", "json"] : command)).Done();
            if (isRequest)
            {
                Assert.Empty(WarningsOf(result.Json));
                issued++;
            }
        }

        Assert.Equal(2, issued);
    }

    private static async Task GetsNoWarningAsync(string folder)
    {
        using var session = new Session();

        JsonElement[] entries = await EntriesAsync(session, folder);

        Assert.NotEmpty(entries);
        Assert.All(entries, entry =>
        {
            Assert.Equal("Issued", entry.GetProperty("Status").GetString());
            Assert.Empty(WarningsOf(entry));
        });
    }

    private static async Task<JsonElement[]> EntriesAsync(Session session, string folder) =>
        [.. (await session.RunAsync("run", folder, "--output", "json")).Done().Json.GetProperty("Entries").EnumerateArray()];

    private static string[] WarningsOf(JsonElement answer) =>
        answer.TryGetProperty("Warnings", out JsonElement warnings) ? [.. warnings.EnumerateArray().Select(warning => warning.GetString()!)] : [];
}
