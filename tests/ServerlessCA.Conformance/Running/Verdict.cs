using ServerlessCA.Conformance.Comparing;
using ServerlessCA.Conformance.Differences;

namespace ServerlessCA.Conformance.Running;

/// <summary>How a case of the vectors went.</summary>
/// <param name="Case">Its name.</param>
/// <param name="Class">Its class.</param>
/// <param name="Wanted">The deliberate differences that concern it.</param>
/// <param name="Unwanted">What differs and should not.</param>
internal sealed record Verdict(
    string Case, string Class, IReadOnlyList<DeliberateDifference> Wanted, IReadOnlyList<FormDifference> Unwanted)
{
    /// <summary>Whether everything is as it should be.</summary>
    public bool IsGood => Unwanted.Count == 0;

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Unwanted.Select(difference => $"{Case} {difference}"));
}
