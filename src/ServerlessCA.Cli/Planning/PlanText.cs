using System.Globalization;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Planning;

/// <summary>Writes a plan for people, as text.</summary>
internal static class PlanText
{
    /// <summary>Writes tables, a line that sums up, and certificates if they are asked for.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="all">Also what is as it was.</param>
    /// <param name="show">Also the certificates.</param>
    public static void Write(Terminal terminal, Plan plan, bool all, bool show)
    {
        WriteLines(terminal, "Name", PlanLines.OfEntries(plan), all);
        WriteLines(terminal, "Revocation of", PlanLines.OfRevocations(plan), all);
        var steps = new TextTable("Step", "Plan", "Message");
        foreach (StepResult step in plan.Steps)
        {
            steps.Add(Operation.Of(step.Step).Name, WordOf(step.Status), step.Message);
        }

        terminal.WriteTable(steps);
        terminal.WriteLine();
        if (show)
        {
            foreach (PlannedEntry entry in plan.Entries.Where(entry => entry.ShowsCertificate))
            {
                WriteCertificate(terminal, entry);
            }
        }

        terminal.WriteLine(SummaryOf(plan));
        foreach (string warning in plan.Steps.SelectMany(step => step.Problems))
        {
            terminal.Warning(warning);
        }

        if (plan.StandIns.Count > 0)
        {
            terminal.Notice(StandInsOf(plan));
        }
    }

    /// <summary>What becomes of how many entries and revocations, and that nothing was changed.</summary>
    public static string SummaryOf(Plan plan)
    {
        string entries = string.Create(CultureInfo.InvariantCulture,
            $"{plan.Count(PlannedVerdict.Issue)} to issue, {plan.Count(PlannedVerdict.AlreadyIssued)} already issued, {plan.Count(PlannedVerdict.Changed)} changed since they were issued, "
            + $"{plan.Count(PlannedVerdict.Refuse)} to refuse, {plan.Count(PlannedVerdict.Fail)} that cannot be carried out");
        int revoked = plan.Revocations.Count(revocation => revocation.Changes);
        int failed = plan.Revocations.Count(revocation => revocation.Fails);
        string revocations = plan.Revocations.Count == 0 ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; {revoked} of {plan.Revocations.Count} revocations new, {failed} that cannot be carried out");
        return $"{Counted.Entries(plan.Entries.Count)}: {entries}{revocations}; nothing was changed";
    }

    /// <summary>That CAs do not exist yet.</summary>
    public static string StandInsOf(Plan plan) =>
        $"{string.Join(" and ", plan.StandIns)} would be created: what certificates say of the CAs' keys is shown with stand-ins";

    /// <summary>A step's result as a plan has it.</summary>
    public static Cell WordOf(StepStatus status) => status switch
    {
        StepStatus.Done => new("do", Tone.Good),
        StepStatus.Unchanged => new("nothing", Tone.Faint),
        _ => new("fail", Tone.Bad),
    };

    private static void WriteLines(Terminal terminal, string heading, IReadOnlyList<PlanLine> lines, bool all)
    {
        PlanLine[] shown = [.. lines.Where(line => all || line.IsNews)];
        if (shown.Length == 0)
        {
            return;
        }

        var table = new TextTable("Where", heading, "Plan", "Serial number", "Expires", "Message");
        foreach (PlanLine line in shown)
        {
            table.Add(
                line.Where, line.Name, line.Plan, line.SerialNumber, line.Expires is { } time ? TableTime.Text(time) : null, line.Messages.Count > 0 ? line.Messages[0] : null);
            foreach (string more in line.Messages.Skip(1))
            {
                table.Add("", "", "", "", "", more);
            }
        }

        terminal.WriteTable(table);
        terminal.WriteLine();
    }

    private static void WriteCertificate(Terminal terminal, PlannedEntry entry)
    {
        string what = entry.Verdict == PlannedVerdict.Issue ? "would be issued" : "would be issued if it were asked for anew";
        terminal.WriteLine($"{entry.Place.File}:{entry.Place.Line} {entry.Result.CommonName}: this {what}");
        var table = new TextTable(columns: 2) { Indent = 2 };
        FactsReport.AddContentsTo(table, CertificateFacts.Of(entry.Certificate!));
        terminal.WriteTable(table);
        foreach (string line in DiffOf(entry))
        {
            terminal.WriteLine($"  {line}");
        }

        if (entry.TbsDer is { } tbs)
        {
            terminal.Write(Pem.Encode(TbsLabel, tbs));
        }

        terminal.WriteLine();
    }

    /// <summary>How the part to be signed is labelled as PEM; nobody takes it for a certificate.</summary>
    public const string TbsLabel = "TBS CERTIFICATE";

    /// <summary>What differs from the certificate that there is today, line by line; nothing when there is none.</summary>
    public static IEnumerable<string> DiffOf(PlannedEntry entry)
    {
        if (entry.Present is not { } present)
        {
            yield break;
        }

        yield return entry.Differences.Count == 0
            ? $"as the certificate of today, serial number {present.SerialNumber}, but for serial number and times"
            : $"against the certificate of today, serial number {present.SerialNumber}:";
        foreach (CertificateDifference difference in entry.Differences)
        {
            foreach (string gone in difference.Before.Except(difference.After, StringComparer.Ordinal))
            {
                yield return $"- {difference.What}: {gone}";
            }

            foreach (string come in difference.After.Except(difference.Before, StringComparer.Ordinal))
            {
                yield return $"+ {difference.What}: {come}";
            }
        }
    }
}
