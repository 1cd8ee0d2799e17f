using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Comparing;

/// <summary>Lists where two normal forms differ. Titles, classes, notes, log lines, calls made, raw PEM and the
/// wording of faults are left out, as they are no part of the contract.</summary>
public static class FormComparer
{
    private static readonly HashSet<string> Skipped = ["raw", "title", "class", "implementation", "note", "log", "calls"];

    /// <summary>All differences, each with its path.</summary>
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

    // 1 and 1.0 are different: one is written by whoever has whole numbers, the other by whoever has fractions.
    private static bool SameNumber(string expected, string actual)
    {
        bool first = BigInteger.TryParse(expected, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger whole);
        bool second = BigInteger.TryParse(actual, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger other);
        return first || second
            ? first && second && whole == other
            : double.Parse(expected, CultureInfo.InvariantCulture) == double.Parse(actual, CultureInfo.InvariantCulture);
    }
}
