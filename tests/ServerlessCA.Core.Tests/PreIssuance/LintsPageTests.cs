using System.Text;
using ServerlessCA.Core.PreIssuance;
using Xunit;

namespace ServerlessCA.Core.Tests.PreIssuance;

/// <summary>Compares <c>docs/lints.md</c> with the lints; UPDATE_GOLDEN=1 writes the page.</summary>
public sealed class LintsPageTests
{
    [Fact]
    public void The_page_of_lints_is_written_from_the_lints()
    {
        string file = Repository.At("docs", "lints.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, LintsPage.Write());
        }

        Assert.Equal(LintsPage.Write(), File.ReadAllText(file));
    }
}

/// <summary>Writes <c>docs/lints.md</c> from the lints.</summary>
internal static class LintsPage
{
    private const string Head = """
        # Lints

        Before a certificate is signed, lints check exactly what will be in it. They find names that are mistyped or useless, usages that
        conflict, and keys and lifetimes that will not work where the certificate is used. They change nothing.

        | severity | what it means | by default |
        | --- | --- | --- |
        | `error` | the certificate will not work, or breaks a standard | the answer warns of it |
        | `warning` | it is probably a mistake | the answer warns of it |
        | `notice` | it is useful to whoever approves | only plans show it |

        A warning reads `lint san-near-duplicate: 'www.example.com' and 'www.exmaple.com' differ by one letter: correct the wrong one`. It is
        in the answer's `Warnings` behind all others, in the notification of the certificate, and in the table of `serverless-ca run`. Lints
        do not run for an entry of `tls.json` that has its certificate, nor for a repeated `idempotency_token`.

        ## Settings

        Three [settings](settings.md) change that, in `settings.json` and in the Terraform module:

        - `lint_ignore` lists the lints that are switched off, such as `["san-upper-case", "notice"]`: ids, or severities for all their
          lints. The answer still warns, in its own words, of what the lints with a star below find (contract 12.24).
        - `lint_refuse` lists the lints whose findings refuse the request, such as `["error", "san-near-duplicate"]`. The refusal has the
          code `lint_refused`, and its text names the lint and the clause.
        - `lint_targets` lists the places where every certificate must work, such as `["alb", "java"]`. The lints of these targets run as
          well.

        An id has precedence over a severity: with `warning` in `lint_refuse` and `eku-any` in `lint_ignore`, all warnings refuse except
        that of `eku-any`. The same word must not be in both lists.

        An unknown word is refused, wherever it is written: otherwise a mistyped id in `lint_refuse` would refuse nothing, and nobody would
        notice. Terraform refuses it in the plan. If somebody writes `LINT_IGNORE` or `LINT_REFUSE` of a function by another way, the function
        does not start, and no certificate is issued until the word is corrected. A new version cannot cause that: it keeps every id, also of
        a lint that finds nothing any more.

        ## Lints of every certificate

        """;

    private const string Tail = """
        ## How this page is made

        It is written from `src/ServerlessCA.Core/PreIssuance`. After a change there, run:

        ```sh
        dotnet build tests/ServerlessCA.Core.Tests
        UPDATE_GOLDEN=1 tests/ServerlessCA.Core.Tests/bin/Debug/net10.0/ServerlessCA.Core.Tests -class '*.LintsPageTests'
        ```

        """;

    /// <summary>Writes the whole page.</summary>
    public static string Write()
    {
        var page = new StringBuilder(Head).Append('\n');
        Table(page, PreIssuanceLints.All.Where(lint => lint.Targets.Count == 0), withTargets: false);
        page.Append("A star means that the answer already warns of this in other words (contract 12.24), so that it does not repeat the text of the lint. The lint can still refuse.\n\n");
        page.Append("## Lints of a target\n\nThese run only where `lint_targets` names the target. What they say about services is from the guides of these services.\n\n");
        Table(page, PreIssuanceLints.All.Where(lint => lint.Targets.Count > 0), withTargets: true);
        return page.Append(Tail).ToString();
    }

    private static void Table(StringBuilder page, IEnumerable<PreIssuanceLint> lints, bool withTargets)
    {
        page.Append($"| lint | severity | clause |{(withTargets ? " targets |" : "")} what it finds | what to do |\n| --- | --- | --- |{(withTargets ? " --- |" : "")} --- | --- |\n");
        foreach (PreIssuanceLint lint in lints)
        {
            string targets = withTargets ? $" {string.Join(", ", LintTargets.Names.Where(name => lint.Targets.Contains(LintTargets.Find(name)!.Value)).Select(name => $"`{name}`"))} |" : "";
            page.Append($"| `{lint.Id}`{(lint.IsWarnedOfAnyway ? " *" : "")} | {LintPolicy.NameOf(lint.Severity)} | {lint.Clause} |{targets} {lint.Explanation} | {lint.Advice} |\n");
        }

        page.Append('\n');
    }
}
