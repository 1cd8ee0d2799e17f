using System.Globalization;
using System.Text;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Planning;

/// <summary>A plan as Markdown, for a comment on a pull request: what goes wrong first, each thing on a line with file and line.</summary>
internal static class PlanMarkdown
{
    // Our decision: a comment of GitHub has 65,536 characters at most.
    private const int MaxCharacters = 60_000;

    private static readonly PlannedVerdict[] Order =
        [PlannedVerdict.Fail, PlannedVerdict.Refuse, PlannedVerdict.Changed, PlannedVerdict.Issue, PlannedVerdict.AlreadyIssued];

    /// <summary>Returns the whole text.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="folder">The GitOps folder, as it was named.</param>
    /// <param name="against">The CA, as people name it.</param>
    /// <param name="show">Also the certificates.</param>
    public static string Of(Plan plan, string folder, string against, bool show)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### Plan of {MarkdownText.Code(folder)}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{MarkdownText.Cell(PlanText.SummaryOf(plan))}.\n");
        text.Append(CultureInfo.InvariantCulture, $"Made on {TableTime.Text(plan.At)} UTC against {MarkdownText.Code(against)}.\n\n");
        AppendTable(text, [.. RowsOf(plan, folder)]);
        if (plan.StandIns.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{MarkdownText.Cell(PlanText.StandInsOf(plan))}.\n");
        }

        if (show)
        {
            AppendCertificates(text, plan, folder);
        }

        return text.ToString();
    }

    // What somebody has to mend comes first, then what happens; what stays as it is is counted alone.
    private static IEnumerable<string> RowsOf(Plan plan, string folder)
    {
        foreach (StepResult step in plan.FaultySteps)
        {
            yield return Row(":x: fail", "", Operation.Of(step.Step).Name, step.Message);
        }

        IReadOnlyList<PlanLine> revocations = PlanLines.OfRevocations(plan);
        IReadOnlyList<PlanLine> entries = PlanLines.OfEntries(plan);
        IEnumerable<PlanLine> sorted =
        [
            .. revocations.Where(line => line.Plan.Tone == Tone.Bad),
            .. entries.Zip(plan.Entries).OrderBy(pair => Array.IndexOf(Order, pair.Second.Verdict)).Select(pair => pair.First),
            .. entries.Skip(plan.Entries.Count),
            .. revocations.Where(line => line.Plan.Tone != Tone.Bad),
        ];
        foreach (PlanLine line in sorted.Where(line => line.IsNews))
        {
            yield return Row($"{SignOf(line.Plan.Tone)} {line.Plan.Text}", WhereOf(line, folder), line.Name, MessageOf(line));
        }

        foreach (string warning in plan.Steps.SelectMany(step => step.Problems))
        {
            yield return Row(":warning: warning", "", "", warning);
        }
    }

    private static string MessageOf(PlanLine line)
    {
        string expires = line.Expires is { } time ? $"expires {TableTime.Text(time)} UTC" : "";
        string serial = line.SerialNumber is { Length: > 0 } number ? $"serial number {number}" : "";
        return string.Join("; ", line.Messages.Append(serial).Append(expires).Where(message => message.Length > 0));
    }

    private static string WhereOf(PlanLine line, string folder) => line.Place is null ? "" : PathOf(folder, line.Where);

    private static string PathOf(string folder, string file)
    {
        string path = folder.Replace('\\', '/').TrimEnd('/');
        return $"{(path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path)}/{file}";
    }

    private static string SignOf(Tone tone) => tone switch
    {
        Tone.Bad => ":x:",
        Tone.Warning => ":warning:",
        Tone.Good => ":white_check_mark:",
        _ => ":information_source:",
    };

    private static string Row(string plan, string where, string name, string message) =>
        $"| {plan} | {MarkdownText.Code(where)} | {MarkdownText.Code(name)} | {MarkdownText.Cell(message)} |\n";

    private static void AppendTable(StringBuilder text, string[] rows)
    {
        if (rows.Length == 0)
        {
            text.Append("Nothing to do.\n");
            return;
        }

        text.Append("| Plan | Where | Name | What to know |\n| --- | --- | --- | --- |\n");
        int shown = 0;
        foreach (string row in rows.TakeWhile(row => text.Length + row.Length <= MaxCharacters))
        {
            text.Append(row);
            shown++;
        }

        if (shown < rows.Length)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nAnd {rows.Length - shown} lines more: a comment has no room for them.\n");
        }
    }

    private static void AppendCertificates(StringBuilder text, Plan plan, string folder)
    {
        foreach (PlannedEntry entry in plan.Entries.Where(entry => entry.ShowsCertificate))
        {
            string details = CertificateOf(entry, folder);
            if (text.Length + details.Length > MaxCharacters)
            {
                text.Append("\nA comment has no room for the other certificates.\n");
                return;
            }

            text.Append(details);
        }
    }

    private static string CertificateOf(PlannedEntry entry, string folder)
    {
        var table = new TextTable(columns: 2);
        FactsReport.AddContentsTo(table, CertificateFacts.Of(entry.Certificate!));
        int width = table.Rows.Max(row => row[0].Text.Length);
        IEnumerable<string> facts = table.Rows.Select(row => $"{row[0].Text.PadRight(width)}  {row[1].Text}");
        string[] diff = [.. PlanText.DiffOf(entry)];
        string tbs = entry.TbsDer is { } der ? $"\n{MarkdownText.Block("", [Convert.ToHexStringLower(der)])}" : "";
        string place = PathOf(folder, $"{entry.Place.File}:{entry.Place.Line}");
        return $"\n<details><summary>The certificate of entry {entry.Place.Position.ToString(CultureInfo.InvariantCulture)}</summary>\n\n"
            + $"{MarkdownText.Code(place)} {MarkdownText.Code(entry.Result.CommonName)}\n\n{MarkdownText.Block("", facts)}"
            + $"{(diff.Length > 0 ? $"\n{MarkdownText.Block("diff", diff)}" : "")}{tbs}\n</details>\n";
    }
}
