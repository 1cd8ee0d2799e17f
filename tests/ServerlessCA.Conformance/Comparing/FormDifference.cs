using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Comparing;

/// <summary>A place where two normal forms differ.</summary>
/// <param name="Path">Such as <c>.steps[1].outcome.return.error</c>.</param>
/// <param name="Expected">JSON, or <c>(absent)</c>.</param>
/// <param name="Actual">JSON, or <c>(absent)</c>.</param>
public sealed record FormDifference(string Path, string Expected, string Actual)
{
    private const int LongestText = 300;
    private const string Absent = "(absent)";

    /// <summary>Both sides have a value here.</summary>
    public static FormDifference Between(string path, JsonNode? expected, JsonNode? actual) => new(path, Text(expected), Text(actual));

    /// <summary>Only the expected form has a value here.</summary>
    public static FormDifference Missing(string path, JsonNode? expected) => new(path, Text(expected), Absent);

    /// <summary>Only the actual form has a value here.</summary>
    public static FormDifference Unexpected(string path, JsonNode? actual) => new(path, Absent, Text(actual));

    /// <inheritdoc/>
    public override string ToString() => $"{Path}\n    expected {Shortened(Expected)}\n    actual   {Shortened(Actual)}";

    private static string Text(JsonNode? value) => value?.ToJsonString(FormJson.Options) ?? "null";

    private static string Shortened(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
