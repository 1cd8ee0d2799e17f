namespace ServerlessCA.Aws;

/// <summary>AWS cannot be called as things are set: no region, no credentials, a wrong address. The message says what to do.</summary>
/// <param name="problem">What is wrong, a sentence.</param>
/// <param name="advice">What to do, sentences.</param>
/// <param name="cause">What it follows from.</param>
public sealed class SessionUnusableException(string problem, string advice, Exception? cause = null) : Exception($"{problem} {advice}", cause)
{
    /// <summary>The message's first part.</summary>
    public string Problem { get; } = problem;

    /// <summary>Its second.</summary>
    public string Advice { get; } = advice;
}
