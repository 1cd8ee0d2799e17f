using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests contract 12.24: the table and the JSON of <c>run</c> show what is ignored of an entry.</summary>
public sealed class RunWarningTests
{
    [Fact]
    public async Task What_is_ignored_of_an_entry_is_in_the_table_and_in_JSON()
    {
        using var session = new Session();
        string folder = FolderOf(session, "\"Lifetime\": 90");

        Result table = (await session.RunAsync("run", folder)).Done();
        Result json = (await session.RunAsync("run", folder, "--output", "json")).Done();

        Assert.Matches("(?m)^www.example.com +issued .* unknown key 'Lifetime' was ignored: did you mean 'lifetime'[?]$", table.Output);
        Assert.Equal(
            ["unknown key 'Lifetime' was ignored: did you mean 'lifetime'?"],
            json.Json.GetProperty("Entries")[0].GetProperty("Warnings").EnumerateArray().Select(warning => warning.GetString()));
    }

    [Fact]
    public async Task A_table_shows_the_first_of_many_warnings_and_JSON_all()
    {
        using var session = new Session();
        string folder = FolderOf(session, string.Join(", ", Enumerable.Range(0, 8).Select(number => $"\"unknown{number}\": 0")));

        Result table = (await session.RunAsync("run", folder)).Done();
        Result json = (await session.RunAsync("run", folder, "--output", "json")).Done();

        Assert.Contains("'unknown4' was ignored; and 3 more: --output json shows them", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown5", table.Output, StringComparison.Ordinal);
        Assert.Equal(8, json.Json.GetProperty("Entries")[0].GetProperty("Warnings").GetArrayLength());
    }

    private static string FolderOf(Session session, string members)
    {
        session.Folder.Write("gitops/csrs/www.csr", File.ReadAllText(Repository.At("examples", "gitops", "dev", "csrs", "www-example-com.csr")));
        session.Folder.Write("gitops/tls.json", $$"""[{"common_name": "www.example.com", "csr_file": "www.csr", {{members}}}]""");
        return session.Folder.At("gitops");
    }
}
