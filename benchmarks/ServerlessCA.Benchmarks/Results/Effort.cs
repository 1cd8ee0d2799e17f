namespace ServerlessCA.Benchmarks.Results;

/// <summary>How much is measured: everything, or so little that one sees that it works. Immutable.</summary>
internal sealed record Effort(bool IsShort)
{
    public T Of<T>(T full, T brief) => IsShort ? brief : full;
}
