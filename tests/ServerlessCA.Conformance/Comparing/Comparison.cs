using System.Globalization;
using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Comparing;

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
