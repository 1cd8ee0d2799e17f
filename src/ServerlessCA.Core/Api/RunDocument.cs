using System.Text.Json;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Api;

/// <summary>Holds what a run did, and what became of its notifications. Immutable.</summary>
/// <param name="Report">What the steps and entries came to.</param>
/// <param name="Sent">What was delivered.</param>
/// <param name="Location">The folder of the CA; null: the answer does not say.</param>
public sealed record RunResult(PipelineReport Report, DeliveryReport Sent, string? Location)
{
    /// <summary>Says whether <c>init</c> made a passphrase for the keys; null when it did not make the CA.</summary>
    public bool? PassphraseMade { get; init; }
}

/// <summary>Writes and reads the document of <c>run</c> (docs/json.md).</summary>
public static class RunDocument
{
    /// <summary>Writes the members.</summary>
    public static void Write(Utf8JsonWriter writer, RunResult run)
    {
        JsonText.WriteList(writer, "Steps", run.Report.Steps, step => WriteStep(writer, step));
        JsonText.WriteList(writer, "Entries", run.Report.Entries, entry => WriteEntry(writer, entry));
        JsonText.WriteList(writer, "Notifications", run.Sent.Targets, target => WriteTarget(writer, target));
        writer.WriteBoolean("Failed", run.Report.Failed);
        if (run.Location is { } location)
        {
            writer.WriteString("Location", location);
        }

        if (run.PassphraseMade is { } made)
        {
            writer.WriteBoolean("PassphraseMade", made);
        }
    }

    /// <summary>Reads the document.</summary>
    /// <exception cref="UnreadableDocumentException">It is not such a document.</exception>
    public static RunResult Read(ReadOnlyMemory<byte> utf8) => DocumentReader.Read(utf8, document => new RunResult(
        new PipelineReport(document.List("Steps", ReadStep), document.List("Entries", ReadEntry)),
        new DeliveryReport(document.List("Notifications", ReadTarget)),
        document.TextOrNull("Location")) { PassphraseMade = document.FlagOrNull("PassphraseMade") });

    /// <summary>Writes a step; a plan has steps, too.</summary>
    internal static void WriteStep(Utf8JsonWriter writer, StepResult step)
    {
        writer.WriteString("Step", Operation.Of(step.Step).Name);
        writer.WriteString("Status", step.Status.ToString());
        writer.WriteString("Message", step.Message);
        JsonText.WriteTexts(writer, "Problems", step.Problems);
    }

    /// <summary>Reads a step; a plan has steps, too.</summary>
    internal static StepResult ReadStep(DocumentReader step) => new(
        step.Word("Step", name => Operation.Find(name)?.Function), step.Word<StepStatus>("Status"), step.Text("Message"), step.Texts("Problems"));

    private static void WriteEntry(Utf8JsonWriter writer, EntryResult entry)
    {
        writer.WriteNumber("Position", entry.Position);
        JsonText.WriteNumber(writer, "Line", entry.Line);
        writer.WriteString("CommonName", entry.CommonName);
        writer.WriteString("Status", entry.Status.ToString());
        writer.WriteString("SerialNumber", entry.SerialNumber?.ToString());
        writer.WriteString("Expires", entry.Expires is { } expires ? Rfc3339.Text(expires) : null);
        writer.WriteString("Message", entry.Message);
        JsonText.WriteTexts(writer, "Warnings", entry.Warnings);
    }

    private static EntryResult ReadEntry(DocumentReader entry) => new()
    {
        Position = entry.Count("Position"),
        Line = entry.Has("Line") ? entry.Count("Line") : null,
        CommonName = entry.Text("CommonName"),
        Status = entry.Word<EntryStatus>("Status"),
        SerialNumber = entry.SerialOrNull("SerialNumber"),
        Expires = entry.TimeOrNull("Expires"),
        Message = entry.TextOrNull("Message"),
        Warnings = entry.Texts("Warnings"),
    };

    private static void WriteTarget(Utf8JsonWriter writer, TargetReport target)
    {
        writer.WriteString("Target", target.Target);
        writer.WriteNumber("Sent", target.Delivered);
        writer.WriteNumber("Waiting", target.Waiting);
        writer.WriteNumber("GivenUp", target.GivenUp);
        writer.WriteString("Problem", target.Problem);
    }

    private static TargetReport ReadTarget(DocumentReader target) => new(
        target.Text("Target"), target.Count("Sent"), target.Count("Waiting"), target.Count("GivenUp"), target.TextOrNull("Problem"));
}
