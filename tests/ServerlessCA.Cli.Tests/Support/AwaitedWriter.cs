namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Collects text, and tells when some words have come. Safe for several threads.</summary>
public sealed class AwaitedWriter(string words) : StringWriter
{
    private readonly TaskCompletionSource come = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock turn = new();

    /// <summary>Ends when the words have come.</summary>
    public Task Come => come.Task;

    public override void Write(string? value)
    {
        lock (turn)
        {
            base.Write(value);
        }

        if (ToString().Contains(words, StringComparison.Ordinal))
        {
            come.TrySetResult();
        }
    }

    public override string ToString()
    {
        lock (turn)
        {
            return base.ToString();
        }
    }
}
