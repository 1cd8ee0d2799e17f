using System.Text.RegularExpressions;

namespace ServerlessCA.Rules.Tests;

/// <summary>What is cited of <c>docs/contract.md</c> is there.</summary>
public sealed partial class ContractTests
{
    private static readonly string[] Kinds = [".cs", ".md", ".tf", ".hcl", ".json", ".sh", ".mjs", ".js", ".yml", ".csproj", ".props", ""];
    private static readonly string[] Unread = [".git", "bin", "obj", "node_modules", "artifacts", "vectors", ".terraform"];

    private static readonly string Contract = Path.Combine(Repository.Root, "docs", "contract.md");

    [Fact]
    public void Every_clause_of_the_contract_that_is_cited_exists()
    {
        HashSet<string> clauses = Clauses();

        string[] dead = [.. Citations().Where(citation => !clauses.Contains(citation.Clause)).Select(citation => $"{citation.File}: contract {citation.Clause}")];

        Assert.Empty(dead);
    }

    [Fact]
    public void Every_difference_from_the_original_is_cited_by_code_and_by_a_test()
    {
        (string File, string Clause)[] citations = [.. Citations()];
        string[] differences = [.. Clauses().Where(clause => clause.StartsWith("12.", StringComparison.Ordinal))];

        Assert.NotEmpty(differences);
        Assert.All((string[])["src", "tests"], folder => Assert.Empty(differences.Except(
            citations.Where(citation => citation.File.StartsWith(folder, StringComparison.Ordinal)).Select(citation => citation.Clause))));
    }

    [Theory]
    [InlineData("as contract 12.8 says", "12.8")]
    [InlineData("Contract sections 8, 12.15 and 12.29.", "8 12.15 12.29")]
    [InlineData("(contract 12.20–12.23)", "12.20 12.23")]
    [InlineData("Contract_12_5_key_usage", "12.5")]
    [InlineData("(contract\n    /// section 7)", "7")]
    [InlineData("a contract of 30 days", "")]
    public void Citations_are_found_in_every_form(string text, string clauses) => Assert.Equal(clauses, string.Join(' ', ClausesOf(text)));

    private static HashSet<string> Clauses() =>
        [.. ClauseHeading().Matches(File.ReadAllText(Contract)).Select(heading => heading.Groups[1].Value)];

    private static IEnumerable<(string File, string Clause)> Citations() =>
        from file in Files(new DirectoryInfo(Repository.Root))
        from clause in ClausesOf(File.ReadAllText(file))
        select (Path.GetRelativePath(Repository.Root, file), clause);

    private static IEnumerable<string> Files(DirectoryInfo folder) => folder.EnumerateFiles()
        .Where(file => Kinds.Contains(file.Extension) && file.Name != "ModuleContractTests.cs").Select(file => file.FullName)
        .Concat(folder.EnumerateDirectories().Where(child => !Unread.Contains(child.Name)).SelectMany(Files));

    private static IEnumerable<string> ClausesOf(string text) =>
        Citation().Matches(text).SelectMany(citation => Number().Matches(citation.Value)).Select(number => number.Value.Replace('_', '.'));

    [GeneratedRegex(@"^#{2,3} (\d+(?:\.\d+)?)[. ]", RegexOptions.Multiline)]
    private static partial Regex ClauseHeading();

    [GeneratedRegex(@"\b[Cc]ontract[_\s/]+(?:sections?[\s/]+)?\d+(?:[._]\d+)?(?:(?:,| and|–|,? or)[\s/]*\d+(?:\.\d+)?)*")]
    private static partial Regex Citation();

    [GeneratedRegex(@"\d+(?:[._]\d+)?")]
    private static partial Regex Number();
}
