using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.PreIssuance;
using Xunit;

namespace ServerlessCA.Core.Tests.PreIssuance;

/// <summary>Tests that every lint finds the mistake in its bad example, and none in its good one (contract 12.31).</summary>
public sealed class PreIssuanceLintsTests
{
    [Theory]
    [MemberData(nameof(LintExamples.All), MemberType = typeof(LintExamples))]
    public async Task Each_lint_finds_the_mistake_of_its_bad_example_and_none_in_its_good_one(string id, string bad, string good, string others)
    {
        PreIssuanceLint lint = PreIssuanceLints.Find(id)!;

        string[] ofBad = [.. LintedRequests.IdsOf(await LintedRequests.DecideAsync(bad), lint.Targets.Take(1).ToArray())];
        string[] ofGood = [.. LintedRequests.IdsOf(await LintedRequests.DecideAsync(good), lint.Targets)];

        Assert.Equal(new[] { id }.Concat(others.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Order(StringComparer.Ordinal), ofBad.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(id, ofGood);
    }

    [Fact]
    public void Every_lint_has_one_bad_and_one_good_example()
    {
        string[] examples = [.. LintExamples.All.Select(row => row.Data.Item1)];

        Assert.Equal(PreIssuanceLints.All.Select(lint => lint.Id).Order(StringComparer.Ordinal), examples.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_lint_says_what_it_finds_what_to_do_and_where_the_rule_comes_from() => Assert.All(PreIssuanceLints.All, lint =>
    {
        Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)+$", lint.Id);
        Assert.NotEmpty(lint.Clause);
        Assert.Matches(@"\A[A-Z].*\.\z", lint.Explanation);
        Assert.Matches(@"\A[a-z].*[^.]\z", lint.Advice);
        Assert.Same(lint, PreIssuanceLints.Find(lint.Id));
    });

    [Fact]
    public void Every_target_has_lints_and_a_name_of_its_own()
    {
        LintTarget[] targets = Enum.GetValues<LintTarget>();

        Assert.All(targets, target => Assert.Contains(PreIssuanceLints.All, lint => lint.Targets.Contains(target)));
        Assert.Equal(targets, LintTargets.Names.Select(name => LintTargets.Find(name)!.Value));
        Assert.Null(LintTargets.Find("ALB"));
    }

    [Theory]
    [InlineData("cn-not-in-san", """ "sans": ["*.example.com"] """, false)] // the wildcard covers it
    [InlineData("cn-not-in-san", """ "sans": ["*.EXAMPLE.com"] """, false)]
    [InlineData("cn-not-in-san", """ "common_name": "example.com", "sans": ["*.example.com"] """, true)]
    [InlineData("cn-not-in-san", """ "common_name": "a.www.example.com", "sans": ["*.example.com"] """, true)] // of one label alone
    [InlineData("cn-not-in-san", """ "common_name": "*.example.com", "sans": ["www.example.com"] """, true)]
    [InlineData("browser-no-server-auth", """ "purposes": ["client_auth"] """, false)] // nobody asked for the host
    [InlineData("browser-no-server-auth", """ "purposes": ["client_auth"], "sans": ["www.example.com"] """, true)]
    [InlineData("client-only-host", """ "purposes": ["client_auth"] """, false)]
    [InlineData("browser-key", """ "purposes": ["client_auth"], "$key": "EccNistP521" """, false)] // no browser is asked
    [InlineData("san-ip-mapped", """ "sans": {"IP_ADDRESS": "::ffff:0:a00:1"} """, false)] // five groups of zeros make a mapped one
    [InlineData("san-ip-mapped", """ "sans": {"IP_ADDRESS": "0:0:0:0:0:ffff:a00:1"} """, true)]
    [InlineData("san-duplicate", """ "sans": ["www.example.com", "WWW.example.com"] """, true)]
    [InlineData("san-duplicate", """ "sans": {"URL": ["https://www.example.com/a", "https://www.example.com/A"]} """, false)] // RFC 3986 §6.2.2.1
    [InlineData("san-duplicate", """ "sans": {"URL": ["https://www.example.com/a", "https://www.example.com/a"]} """, true)]
    [InlineData("san-duplicate", """ "sans": {"EMAIL_ADDRESS": ["a@example.com", "A@example.com"]} """, false)] // RFC 5321 §2.4
    public async Task What_only_looks_like_a_mistake_is_not_found(string id, string members, bool isFound)
    {
        IssueDecision.Issue issue = await LintedRequests.DecideAsync(members);

        Assert.Equal(isFound, LintedRequests.IdsOf(issue, PreIssuanceLints.Find(id)!.Targets).Contains(id));
    }

    [Theory]
    [InlineData("www.example.com", "www.exmaple.com", true)] // neighbours swapped
    [InlineData("www.example.com", "www.exampel.com", true)] // at the end, too
    [InlineData("www.example.com", "www.exanple.com", true)] // another letter
    [InlineData("www.example.com", "www.exammple.com", true)] // one too many
    [InlineData("www.example.com", "www.exmple.com", true)] // one missing
    [InlineData("payments.example.com", "payment.example.com", false)] // a plural
    [InlineData("server1.example.com", "server2.example.com", false)] // a number
    [InlineData("server.example.com", "server2.example.com", false)]
    [InlineData("node-a.example.com", "node-b.example.com", false)] // a letter of its own
    [InlineData("api.example.com", "app.example.com", false)] // too short to know
    [InlineData("www.example.com", "www.exmaple.org", false)] // two labels differ
    [InlineData("example.com", "www.example.com", false)]
    public async Task A_typing_error_is_distinguished_from_hosts_that_are_named_alike(string one, string other, bool isTypingError)
    {
        IssueDecision.Issue issue = await LintedRequests.DecideAsync($"\"common_name\": \"Some server\", \"sans\": [\"{one}\", \"{other}\"]");

        Assert.Equal(isTypingError, LintedRequests.IdsOf(issue, []).Contains("san-near-duplicate"));
    }

    [Fact]
    public async Task A_mistyped_alternative_name_is_found_beside_the_common_name()
    {
        IssueDecision.Issue issue = await LintedRequests.DecideAsync("\"sans\": [\"www.exmaple.com\"]");

        Assert.Equal(
            ["cn-not-in-san", "san-near-duplicate"], LintedRequests.IdsOf(issue, []));
        Assert.Contains(
            "lint san-near-duplicate: 'www.example.com' and 'www.exmaple.com' differ by one letter: correct the wrong one", issue.Warnings);
    }

    [Fact]
    public async Task Of_one_lint_five_findings_are_listed_and_how_many_more_there_are()
    {
        string names = string.Join(", ", Enumerable.Range(1, 9).Select(number => $"\"host{number}.local\""));
        IssueDecision.Issue issue = await LintedRequests.DecideAsync($"\"common_name\": \"Some server\", \"sans\": [{names}]");

        Assert.Equal(6, issue.Findings.Count);
        Assert.Equal("and 4 more like these", issue.Findings[^1].Message);
        Assert.Empty(issue.Warnings); // notices
    }

    [Fact]
    public async Task Of_many_names_the_first_two_hundred_are_compared_with_each_other()
    {
        string names = string.Join(", ", Enumerable.Range(1, 1_000).Select(number => $"\"h{number}.example.com\""));
        IssueDecision.Issue early = await LintedRequests.DecideAsync($"\"sans\": [\"www.example.com\", \"www.exmaple.com\", {names}]");
        IssueDecision.Issue late = await LintedRequests.DecideAsync($"\"sans\": [\"www.example.com\", {names}, \"www.exmaple.com\"]");

        Assert.Contains("san-near-duplicate", LintedRequests.IdsOf(early, []));
        Assert.DoesNotContain("san-near-duplicate", LintedRequests.IdsOf(late, []));
    }
}
