namespace ServerlessCA.Conformance.Differences;

/// <summary>One place where we differ from the original on purpose.</summary>
/// <param name="Id">Names it in reports.</param>
/// <param name="Clause">Of the specification's section 12.</param>
/// <param name="Why">One sentence.</param>
/// <param name="Change">Turns what the original did into what we want; false when it has nothing to do with a case.</param>
internal sealed record DeliberateDifference(string Id, string Clause, string Why, Func<ExpectedCase, bool> Change)
{
    /// <summary>The cases it names; none for a rule that finds its cases by itself.</summary>
    public IReadOnlyList<string> Cases { get; init; } = [];
}
