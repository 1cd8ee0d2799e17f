using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Cli.Agent;

/// <summary>How an attempt to get a certificate ended: a closed set of cases. Immutable.</summary>
internal abstract record Attempt
{
    /// <summary>New files are in place.</summary>
    /// <param name="Certificate">The certificate.</param>
    /// <param name="Warnings">What the CA left out or cut.</param>
    internal sealed record Renewed(Certificate Certificate, IReadOnlyList<string> Warnings) : Attempt;

    /// <summary>Nothing changed.</summary>
    /// <param name="Kind">In one word, for metrics.</param>
    /// <param name="Message">What was wrong.</param>
    /// <param name="Hint">What to do.</param>
    /// <param name="ExitCode">Of <c>--once</c>.</param>
    internal sealed record Failed(string Kind, string Message, string? Hint, int ExitCode) : Attempt;
}
