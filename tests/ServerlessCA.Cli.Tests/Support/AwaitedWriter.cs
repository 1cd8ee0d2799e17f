namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Collects text, and signals when some words have come. Several threads may use it.</summary>
public sealed class AwaitedWriter(string words) : StringWriter
{
    private readonly TaskCompletionSource come = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();

    /// <summary>Ends when the words have come.</summary>
    public Task Come => come.Task;

    public override void Write(string? value)
    {
        lock (gate)
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
        lock (gate)
        {
            return base.ToString();
        }
    }
}
