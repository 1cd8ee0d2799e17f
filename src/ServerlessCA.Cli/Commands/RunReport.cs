using System.Globalization;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local;

namespace ServerlessCA.Cli.Commands;

/// <summary>Writes what <c>run</c> did, for people.</summary>
internal static class RunReport
{
    private const int MaxWarnings = 5; // of an entry, in a cell of the table; our decision

    /// <summary>Writes the tables of entries, steps and places, then what was skipped and what to do.</summary>
    /// <param name="terminal">Where the report is written.</param>
    /// <param name="report">The results of entries and steps.</param>
    /// <param name="sent">The results of delivering the events.</param>
    /// <param name="places">Where the CA and its files are, for people.</param>
    /// <param name="all">Whether to include entries that were issued before, which in a nightly run are most of
    /// them.</param>
    public static void Write(Terminal terminal, PipelineReport report, DeliveryReport sent, IEnumerable<(string What, string Where)> places, bool all)
    {
        EntryResult[] shown = [.. report.Entries.Where(entry => all || IsWorthShowing(entry))];
        if (shown.Length > 0)
        {
            terminal.WriteTable(EntryTable(shown));
            terminal.WriteLine();
        }

        var steps = new TextTable("Step", "Result", "Message");
        foreach (StepResult step in report.Steps)
        {
            steps.Add(Operation.Of(step.Step).Name, ResultWords.Of(step.Status), step.Message);
        }

        terminal.WriteTable(steps);
        terminal.WriteLine();
        if (report.Entries.Count > 0)
        {
            terminal.WriteLine(Summary(report, report.Entries.Count - shown.Length));
        }

        terminal.WriteTable(Places(sent, places));
        foreach (string problem in report.Steps.SelectMany(step => step.Problems))
        {
            terminal.Warning(problem);
        }

        DeliveryWarnings.Write(terminal, sent);
        Advise(terminal, report);
    }

    private static TextTable EntryTable(IEnumerable<EntryResult> entries)
    {
        var table = new TextTable("Name", "Result", "Serial number", "Expires", "Message");
        foreach (EntryResult entry in entries)
        {
            IEnumerable<string> warnings = Shown(entry.Warnings);
            string message = string.Join("; ", entry.Message is { } text ? warnings.Prepend($"{text}{Where(entry)}") : warnings);
            string name = entry.CommonName.Length > 0 ? entry.CommonName : $"(entry {entry.Position})";
            table.Add(name, ResultWords.Of(entry.Status), entry.SerialNumber?.ToString(), TimeOf(entry), message);
        }

        return table;
    }

    // Somebody has to find and correct these.
    private static string Where(EntryResult entry) => entry.Status is EntryStatus.Refused or EntryStatus.Failed ? $" ({entry.Place})" : "";

    private static IEnumerable<string> Shown(IReadOnlyList<string> warnings) => warnings.Count <= MaxWarnings
        ? warnings
        : warnings.Take(MaxWarnings).Append(string.Create(CultureInfo.InvariantCulture, $"and {warnings.Count - MaxWarnings} more: --output json shows them"));

    /// <summary>Names the places of a local CA.</summary>
    public static IEnumerable<(string What, string Where)> PlacesOf(DataFolder folder) =>
        [("CA", folder.Path), ("Published", $"{folder.External} (CA certificates, CRLs)"), ("Events", folder.Outbox)];

    /// <summary>Returns the exit code of a run.</summary>
    public static int ExitCodeOf(PipelineReport report) =>
        report.Failed ? ExitCode.Fault : report.Count(EntryStatus.Refused) > 0 ? ExitCode.Refused : ExitCode.Done;

    private static TextTable Places(DeliveryReport sent, IEnumerable<(string What, string Where)> all)
    {
        var places = new TextTable(columns: 2);
        foreach ((string what, string where) in all)
        {
            places.Add(what, where);
        }

        foreach (TargetReport target in sent.Targets)
        {
            string givenUp = target.GivenUp > 0 ? $", {target.GivenUp} given up" : "";
            places.Add(target.Target, $"{target.Delivered} sent, {target.Waiting} waiting{givenUp}");
        }

        return places;
    }

    // An entry that was issued before is shown only if there is a message or a warning about it.
    private static bool IsWorthShowing(EntryResult entry) =>
        entry.Status != EntryStatus.AlreadyIssued || entry.Message is not null || entry.Warnings.Count > 0;

    private static string Summary(PipelineReport report, int left)
    {
        string counts = string.Join(", ", Enum.GetValues<EntryStatus>()
            .Select(status => $"{report.Count(status)} {ResultWords.Of(status).Text}"));
        return $"{Counted.Entries(report.Entries.Count)}: {counts}{(left > 0 ? " (-v lists them all)" : "")}";
    }

    private static void Advise(Terminal terminal, PipelineReport report)
    {
        if (report.Failed)
        {
            terminal.Hint("mend what failed and run again: what is done stays done");
        }
        else if (report.Count(EntryStatus.Refused) > 0)
        {
            terminal.Hint("correct the refused entries or their CSRs and run again");
        }
    }

    private static string? TimeOf(EntryResult entry) => entry.Expires is { } time ? TableTime.Text(time) : null;
}

/// <summary>Returns the words for results, with their tones.</summary>
internal static class ResultWords
{
    /// <summary>Returns the word for the result of an entry.</summary>
    public static Cell Of(EntryStatus status) => status switch
    {
        EntryStatus.Issued => new("issued", Tone.Good),
        EntryStatus.AlreadyIssued => new("already issued", Tone.Faint),
        EntryStatus.Refused => new("refused", Tone.Warning),
        _ => new("failed", Tone.Bad),
    };

    /// <summary>Returns the word for the result of a step.</summary>
    public static Cell Of(StepStatus status) => status switch
    {
        StepStatus.Done => new("done", Tone.Good),
        StepStatus.Unchanged => new("unchanged", Tone.Faint),
        _ => new("failed", Tone.Bad),
    };

    /// <summary>Returns the word for the level of a finding.</summary>
    public static Cell Of(HealthLevel level) => level switch
    {
        HealthLevel.Good => new("good", Tone.Good),
        HealthLevel.Warning => new("warning", Tone.Warning),
        _ => new("critical", Tone.Bad),
    };
}

/// <summary>Warns of notifications that were not delivered.</summary>
internal static class DeliveryWarnings
{
    /// <summary>Writes a warning for each target that could not be reached; a command does not fail for that.</summary>
    public static void Write(Terminal terminal, DeliveryReport sent)
    {
        foreach (TargetReport target in sent.Targets.Where(target => target.Problem is not null))
        {
            terminal.Warning($"{target.Target}: {target.Problem}");
        }
    }
}
