using ServerlessCA.Core.Settings;
using Xunit;

namespace ServerlessCA.Core.Tests.Settings;

/// <summary>Tests contract section 1 and 12.18: the names of the tables. Scripts for the original list the tables, may select
/// those that begin with the project, and take the first one with <c>CA</c> in its name.</summary>
public sealed class CaNamesTests
{
    private static readonly string[] Words =
        ["serverless", "secure-email", "ca2go", "my-CA", "preProd", "a-b-c", "2fast", "PKI", "dev", "prd", "x1y2-3z", "ca", "x-ca", "index", "ca-index"];

    // Where the letters are the project's own, as in C-A, both names have them.
    private static readonly string[] WordsOfOneLetter = ["c-a", "acme-c-apps", "C-A", "1c-a2", "c-index", "b-c"];

    [Fact]
    public void A_script_that_looks_for_the_one_table_with_CA_in_its_name_finds_the_certificates()
    {
        CaNames[] all = [.. NamesOf(Words)];
        Assert.NotEmpty(all);
        Assert.All(all, names => Assert.Equal([names.Table], FoundBy(names.Table, names.IndexTable)));
    }

    [Fact]
    public void The_table_of_certificates_comes_first_where_the_project_itself_has_the_letters_CA()
    {
        CaNames[] all = [.. NamesOf([.. Words, .. WordsOfOneLetter])];
        Assert.Contains(all, names => FoundBy(names.Table, names.IndexTable).Count == 2);
        Assert.All(all, names => Assert.Equal(names.Table, FoundBy(names.IndexTable, names.Table)[0]));
    }

    [Fact]
    public void No_deployment_has_one_name_for_both_tables() =>
        Assert.All(NamesOf([.. Words, .. WordsOfOneLetter]), names => Assert.NotEqual(names.Table, names.IndexTable));

    private static IEnumerable<CaNames> NamesOf(string[] words) =>
        from project in words from environment in words select new CaNames(project, environment, ["prd"]);

    // DynamoDB lists tables in the order of their octets.
    private static List<string> FoundBy(params string[] tables) =>
        [.. tables.Order(StringComparer.Ordinal).Where(table => table.Contains("CA", StringComparison.Ordinal))];
}
