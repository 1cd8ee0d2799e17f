namespace ServerlessCA.Conformance.Normalising;

/// <summary>When a step ran, and whether it is a setup step, which is not reported.</summary>
internal readonly record struct StepMoment(DateTimeOffset Time, bool Quiet)
{
    /// <summary>Seconds from the step's second to a time of a certificate or CRL.</summary>
    public long SecondsUntil(DateTimeOffset time) =>
        (long)(time - new DateTimeOffset(Time.UtcTicks - (Time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero)).TotalSeconds;
}
