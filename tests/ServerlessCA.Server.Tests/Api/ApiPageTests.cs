using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;

namespace ServerlessCA.Server.Tests.Api;

/// <summary>Runs the examples of docs/api.md with curl and jq in a shell, and compares what they print; UPDATE_GOLDEN=1 writes
/// it.</summary>
public sealed partial class ApiPageTests
{
    private const string Mark = "--- end of ";

    private static readonly string Page = Repository.At("docs", "api.md");

    [Fact]
    public async Task Every_example_prints_what_the_page_shows()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ForeignProgram.SkipUnlessInstalled("jq", "jq");
        ForeignProgram.SkipUnlessInstalled("curl", "curl");
        OpenSsl.IsNeeded();
        string page = await File.ReadAllTextAsync(Page, cancellation);
        string[] commands = [.. Blocks().Matches(page).SelectMany(block => CommandsOf(block.Groups[1].Value))];
        Assert.NotEmpty(commands);

        Queue<string> outputs = await RunAsync(commands);
        string repeated = Blocks().Replace(page, block => "```console\n" + string.Join("\n", CommandsOf(block.Groups[1].Value).Select(command => $"{command}\n{outputs.Dequeue()}")) + "```\n");

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(Page, repeated, cancellation);
        }

        Assert.Equal(page, repeated);
    }

    [Fact]
    public async Task Every_call_of_the_API_has_an_example()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var calls = new DescribedCalls((await server.Http.ReadAsync("/openapi.json", token: null)).Ok().Json);
        string page = await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken);

        // The files of a certificate differ in their last segment, and one of them is shown.
        IEnumerable<string> missing = calls.Operations.Select(operation => operation.Path.Split("/{")[0]).Distinct()
            .Where(path => !page.Contains($"/api/v1{path}", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    private static IEnumerable<string> CommandsOf(string block) => block.Split('\n').Where(line => line.StartsWith("$ ", StringComparison.Ordinal));

    private static async Task<Queue<string>> RunAsync(IEnumerable<string> commands)
    {
        await using RunningServer server = await RunningServer.StartAsync(
            ApiCalls.WithTokens with { PageRequests = true }, new FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 12, 0, 0, TimeSpan.Zero)));
        string csr = Convert.ToBase64String(await File.ReadAllBytesAsync(
            Repository.At("examples", "gitops", "dev", "csrs", "www-example-com.csr"), TestContext.Current.CancellationToken));
        server.Folder.Write("work/event.json", JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["common_name"] = "www.example.com", ["base64_csr_data"] = csr, ["purposes"] = (string[])["server_auth"], ["lifetime"] = 90,
        }));
        var script = new StringBuilder("exec 2>&1\n");
        foreach (string command in commands)
        {
            script.Append(command[2..]).Append($"\necho '{Mark}'\n");
        }

        var variables = new Dictionary<string, string>
        {
            ["URL"] = server.Server.Url, ["TOKEN"] = SomeAccess.TokenText, ["no_proxy"] = "*",
            ["OPERATE"] = $"Authorization: Bearer {SomeAccess.TokenText}", ["REQUEST"] = $"Authorization: Bearer {ApiCalls.RequestTokenText}",
        };
        Run run = await ForeignProgram.RunAsync("bash", ["-c", script.ToString()], server.Folder.At("work"), variables: variables);
        return new Queue<string>(Normal(run.Output).Split($"{Mark}\n"));
    }

    private static string Normal(string output) => Serial().Replace(Base64().Replace(output, "(base64)"), "(serial number)");

    [GeneratedRegex("```console\n(.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("LS0tLS1[A-Za-z0-9+/=]+")]
    private static partial Regex Base64();

    [GeneratedRegex(@"\b\d{45,49}\b")]
    private static partial Regex Serial();
}
