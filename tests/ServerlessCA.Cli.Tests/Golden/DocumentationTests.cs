using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Golden;

/// <summary>The docs show what really happens.</summary>
public sealed class DocumentationTests
{
    [Theory]
    [InlineData("serve.md", "serve.txt")]
    public async Task A_page_shows_the_session_as_it_was_recorded(string page, string session)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string shown = await File.ReadAllTextAsync(Repository.At("docs", page), cancellation);
        string recorded = await File.ReadAllTextAsync(Repository.At("tests", "golden", "cli", session), cancellation);

        Assert.Contains($"```console\n{recorded.TrimEnd('\n')}\n```", shown, StringComparison.Ordinal);
    }
}
