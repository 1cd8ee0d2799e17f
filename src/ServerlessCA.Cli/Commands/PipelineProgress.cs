using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;

namespace ServerlessCA.Cli.Commands;

/// <summary>Shows how far a run is: on the progress line, and with <c>-v</c> as a line for every step and entry.</summary>
internal sealed class PipelineProgress(Terminal terminal, IProgressLine line, bool verbose) : IPipelineObserver
{
    private int total;
    private int done;

    /// <inheritdoc/>
    public void Begins(CaFunction which, int entryCount)
    {
        (total, done) = (entryCount, 0);
        line.Show(Operation.Of(which).Name, done, total);
    }

    /// <inheritdoc/>
    public void Ended(EntryResult entry)
    {
        done++;
        line.Show(entry.CommonName, done, total);
        Tell($"entry {entry.Position} of {total}: {entry.CommonName}: {Words.Of(entry.Status).Text}{After(entry.Message)}");
    }

    /// <inheritdoc/>
    public void Ended(StepResult result) => Tell($"{Operation.Of(result.Step).Name}: {Words.Of(result.Status).Text}{After(result.Message)}");

    private void Tell(string text)
    {
        if (verbose)
        {
            terminal.Notice(text);
        }
    }

    private static string After(string? message) => message is null ? "" : $": {message}";
}
