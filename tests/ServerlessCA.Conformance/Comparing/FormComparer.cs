using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Comparing;

/// <summary>Lists where two normal forms differ. Titles, classes, notes, log lines, calls made, raw PEM and the
/// wording of faults are left out, as they are no part of the contract.</summary>
public static class FormComparer
{
    private static readonly HashSet<string> Skipped = ["raw", "title", "class", "implementation", "note", "log", "calls"];

    /// <summary>Returns all differences, each with its path.</summary>
    public static IReadOnlyList<FormDifference> Compare(JsonNode? expected, JsonNode? actual) => [.. Differences(expected, actual, "")];

    private static IEnumerable<FormDifference> Differences(JsonNode? expected, JsonNode? actual, string path) => (expected, actual) switch
    {
        (JsonObject first, JsonObject second) => IsFault(first) && IsFault(second) ? [] : Members(first, second, path),
        (JsonArray first, JsonArray second) when first.Count == second.Count =>
            first.Zip(second).SelectMany((pair, index) => Differences(pair.First, pair.Second, $"{path}[{index}]")),
        _ => Same(expected, actual) ? [] : [FormDifference.Between(path, expected, actual)],
    };

    private static IEnumerable<FormDifference> Members(JsonObject expected, JsonObject actual, string path)
    {
        IEnumerable<string> names = expected.Select(member => member.Key)
            .Union(actual.Select(member => member.Key)).Where(name => !Skipped.Contains(name));
        foreach (string name in names)
        {
            string here = $"{path}.{name}";
            bool inExpected = expected.TryGetPropertyValue(name, out JsonNode? first);
            bool inActual = actual.TryGetPropertyValue(name, out JsonNode? second);
            IEnumerable<FormDifference> found = (inExpected, inActual) switch
            {
                (true, false) => [FormDifference.Missing(here, first)],
                (false, true) => [FormDifference.Unexpected(here, second)],
                _ => Differences(first, second, here),
            };
            foreach (FormDifference difference in found)
            {
                yield return difference;
            }
        }
    }

    private static bool IsFault(JsonObject outcome) => outcome.Count == 1 && outcome.ContainsKey("exception");

    private static bool Same(JsonNode? expected, JsonNode? actual)
    {
        JsonValueKind kind = expected?.GetValueKind() ?? JsonValueKind.Null;
        if (kind != (actual?.GetValueKind() ?? JsonValueKind.Null))
        {
            return false;
        }

        return kind == JsonValueKind.Number
            ? SameNumber(expected!.ToJsonString(), actual!.ToJsonString())
            : JsonNode.DeepEquals(expected, actual);
    }

    // 1 and 1.0 are different: one is written by programs with whole numbers, the other by programs with fractions.
    private static bool SameNumber(string expected, string actual)
    {
        bool first = BigInteger.TryParse(expected, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger whole);
        bool second = BigInteger.TryParse(actual, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger other);
        return first || second
            ? first && second && whole == other
            : double.Parse(expected, CultureInfo.InvariantCulture) == double.Parse(actual, CultureInfo.InvariantCulture);
    }
}

/// <summary>Is a place where two normal forms differ.</summary>
/// <param name="Path">Such as <c>.steps[1].outcome.return.error</c>.</param>
/// <param name="Expected">JSON, or <c>(absent)</c>.</param>
/// <param name="Actual">JSON, or <c>(absent)</c>.</param>
public sealed record FormDifference(string Path, string Expected, string Actual)
{
    private const int LongestText = 300;
    private const string Absent = "(absent)";

    /// <summary>Makes the difference of two values.</summary>
    public static FormDifference Between(string path, JsonNode? expected, JsonNode? actual) => new(path, Text(expected), Text(actual));

    /// <summary>Makes the difference where only the expected form has a value.</summary>
    public static FormDifference Missing(string path, JsonNode? expected) => new(path, Text(expected), Absent);

    /// <summary>Makes the difference where only the actual form has a value.</summary>
    public static FormDifference Unexpected(string path, JsonNode? actual) => new(path, Absent, Text(actual));

    /// <inheritdoc/>
    public override string ToString() => $"{Path}\n    expected {Shortened(Expected)}\n    actual   {Shortened(Actual)}";

    private static string Text(JsonNode? value) => value?.ToJsonString(FormJson.Options) ?? "null";

    private static string Shortened(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}

/// <summary>Compares two files of normal forms, case by case.</summary>
internal static class Comparison
{
    /// <summary>Writes every difference, then a count.</summary>
    /// <returns>0 when there is none, else 1.</returns>
    public static int Print(string expected, string actual, TextWriter output)
    {
        Dictionary<string, JsonNode> first = Cases(expected);
        Dictionary<string, JsonNode> second = Cases(actual);
        string[] names = [.. first.Keys.Union(second.Keys).Order(StringComparer.Ordinal)];
        int differing = 0;
        foreach (string name in names)
        {
            IReadOnlyList<FormDifference> found = FormComparer.Compare(first.GetValueOrDefault(name), second.GetValueOrDefault(name));
            differing += found.Count > 0 ? 1 : 0;
            foreach (FormDifference difference in found)
            {
                output.WriteLine($"{name} {difference}");
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{names.Length} cases, {differing} differ"));
        return differing == 0 ? 0 : 1;
    }

    private static Dictionary<string, JsonNode> Cases(string file) =>
        JsonNode.Parse(file)!["cases"]!.AsArray().ToDictionary(found => found!["case"]!.GetValue<string>(), found => found!);
}

/// <summary>Writes JSON for people.</summary>
public static class FormJson
{
    /// <summary>Writes on one line, and escapes only what must be.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the same, indented.</summary>
    public static JsonSerializerOptions Indented { get; } = new(Options) { WriteIndented = true, IndentSize = 1 };
}
