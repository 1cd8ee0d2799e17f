namespace ServerlessCA.Conformance.Memory;

/// <summary>A clock that stands still until a scenario moves it, forward or back.</summary>
internal sealed class ScenarioClock(DateTimeOffset start) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = start;

    public override DateTimeOffset GetUtcNow() => Now;
}
