using System.Text;
using ServerlessCA.Core.PreIssuance;

namespace ServerlessCA.Core.Tests.PreIssuance;

/// <summary>Writes <c>docs/lints.md</c> from the lints.</summary>
internal static class LintsPage
{
    private const string Head = """
        # Lints

        Before a certificate is signed, lints look at exactly what will be in it: names that are mistyped or useless, usages that do
        not go together, keys and lifetimes that will not work where the certificate is used. They change nothing. This page is
        written from `src/ServerlessCA.Core/PreIssuance`; after a change there:

            dotnet build tests/ServerlessCA.Core.Tests
            UPDATE_GOLDEN=1 tests/ServerlessCA.Core.Tests/bin/Debug/net10.0/ServerlessCA.Core.Tests -class '*.LintsPageTests'

        | severity | what it means | by default |
        | --- | --- | --- |
        | `error` | it will not work, or breaks a standard | a warning of the answer |
        | `warning` | probably a mistake | a warning of the answer |
        | `notice` | worth knowing for whoever approves | shown by plans alone |

        A warning is `lint san-near-duplicate: 'www.example.com' and 'www.exmaple.com' differ by one letter: correct the wrong one`, in
        the answer's `Warnings` behind all others, in the notification of the certificate, and in the table of `serverless-ca run`. An
        entry of `tls.json` that has its certificate meets no lints, nor does a repeated `idempotency_token`.

        ## Settings

        Three [settings](settings.md) change that, of `settings.json` and of the Terraform module alike:

        - `lint_ignore`: lints that are switched off, such as `["san-upper-case", "notice"]`: ids, or severities for all of one.
        - `lint_refuse`: lints whose findings refuse the request, such as `["error", "san-near-duplicate"]`. The refusal has the code
          `lint_refused`; its text names lint and clause.
        - `lint_targets`: where every certificate has to work, such as `["alb", "java"]`. The lints of these targets run, too.

        An id counts before a severity: `lint_refuse` with `warning` and `lint_ignore` with `eku-any` refuses for all warnings but
        that one. No word stands in both.

        ## Which there are

        """;

    /// <summary>The whole page.</summary>
    public static string Write()
    {
        var page = new StringBuilder(Head).Append('\n');
        Table(page, PreIssuanceLints.All.Where(lint => lint.Targets.Count == 0), withTargets: false);
        page.Append("A star: the answer warns of it in other words (contract 12.24), so that the lint's text does not stand there; it may refuse all the same.\n\n");
        page.Append("## For a target\n\nThese run where `lint_targets` names the target. What is said of services is what their guides say.\n\n");
        Table(page, PreIssuanceLints.All.Where(lint => lint.Targets.Count > 0), withTargets: true);
        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static void Table(StringBuilder page, IEnumerable<PreIssuanceLint> lints, bool withTargets)
    {
        page.Append($"| lint | severity | clause |{(withTargets ? " targets |" : "")} what it finds | what to do |\n| --- | --- | --- |{(withTargets ? " --- |" : "")} --- | --- |\n");
        foreach (PreIssuanceLint lint in lints)
        {
            string targets = withTargets ? $" {string.Join(", ", lint.Targets.Select(target => $"`{LintTargets.NameOf(target)}`"))} |" : "";
            page.Append($"| `{lint.Id}`{(lint.IsWarnedOfAnyway ? " *" : "")} | {LintPolicy.NameOf(lint.Severity)} | {lint.Clause} |{targets} {lint.Explanation} | {lint.Advice} |\n");
        }

        page.Append('\n');
    }
}
