using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Smoke;

/// <summary>Says how a smoke test ended. Immutable.</summary>
/// <param name="Steps">All steps, in their order.</param>
/// <param name="CommonName">The name of the test certificate.</param>
/// <param name="Certificate">The certificate; null: none was issued.</param>
/// <param name="Left">What the test leaves behind, in whole sentences; empty: nothing.</param>
internal sealed record SmokeReport(IReadOnlyList<SmokeStep> Steps, string CommonName, Certificate? Certificate, IReadOnlyList<string> Left)
{
    /// <summary>Whether no step failed.</summary>
    public bool Passed => Steps.All(step => step.Result != SmokeResult.Failed);

    /// <summary>Writes it as a table with what stays, or as one object.</summary>
    public void Write(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.Write(JsonText.Object(writer =>
            {
                writer.WriteString("Status", Passed ? "Passed" : "Failed");
                writer.WriteString(nameof(CommonName), CommonName);
                if (Certificate is not null)
                {
                    writer.WriteString("SerialNumber", Certificate.SerialNumber.ToString());
                }

                JsonText.WriteList(writer, "Steps", Steps, step =>
                {
                    writer.WriteString("Step", step.Name);
                    writer.WriteString("Result", step.Result.ToString());
                    writer.WriteString("Text", step.Message);
                });
                writer.WriteStartArray(nameof(Left));
                foreach (string left in Left)
                {
                    writer.WriteStringValue(left);
                }

                writer.WriteEndArray();
            }));
            return;
        }

        var table = new TextTable("Step", "Result", "Message");
        foreach (SmokeStep step in Steps)
        {
            table.Add(step.Name, step.Word, step.Message);
        }

        terminal.WriteTable(table);
        terminal.WriteLine();
        terminal.WriteLine(Passed ? "passed" : "failed");
        foreach (string left in Left)
        {
            terminal.Notice(left);
        }
    }
}

/// <summary>Is one step of a smoke test. Immutable.</summary>
/// <param name="Name">One word, stable for programs.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Message">What was seen, or what failed.</param>
internal sealed record SmokeStep(string Name, SmokeResult Result, string Message)
{
    /// <summary>The result as a word of a table.</summary>
    public Cell Word => Result switch
    {
        SmokeResult.Passed => new("passed", Tone.Good),
        SmokeResult.Skipped => new("skipped", Tone.Faint),
        _ => new("failed", Tone.Bad),
    };
}

/// <summary>Says how a step ended.</summary>
internal enum SmokeResult
{
    /// <summary>It is as it should be.</summary>
    Passed,

    /// <summary>It could not be tried here, or an earlier step has failed that it needs.</summary>
    Skipped,

    /// <summary>It is not as it should be.</summary>
    Failed,
}

/// <summary>A step failed. The message says what was wrong.</summary>
internal sealed class SmokeFault(string message) : Exception(message);
