namespace ServerlessCA.Core.Lints;

/// <summary>One broken rule. Immutable.</summary>
/// <param name="Rule">The rule's name, such as <c>SerialNumberLint</c>.</param>
/// <param name="Clause">Where the rule is from.</param>
/// <param name="Message">What is wrong.</param>
public sealed record LintFinding(string Rule, string Clause, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Rule} ({Clause}): {Message}";
}
