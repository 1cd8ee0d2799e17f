namespace ServerlessCA.Core.Health;

/// <summary>One thing that was looked at. Immutable.</summary>
/// <param name="Level">How bad.</param>
/// <param name="Check">What was looked at, in a word or two, such as <c>issuing CRL</c>.</param>
/// <param name="Message">What was found, and what to do.</param>
public sealed record HealthFinding(HealthLevel Level, string Check, string Message);

/// <summary>How bad a finding is.</summary>
public enum HealthLevel
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Somebody should look at it soon.</summary>
    Warning,

    /// <summary>Something does not work, or will not work within a day.</summary>
    Critical,
}
