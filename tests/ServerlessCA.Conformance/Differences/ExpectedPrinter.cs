using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Comparing;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Shows what a case must give, for whoever works on it.</summary>
internal static class ExpectedPrinter
{
    /// <summary>Writes which differences concern a case, where they change it, and the form that is wanted.</summary>
    /// <returns>0, or 1 when there is no such case.</returns>
    public static int Print(string name, TextWriter output)
    {
        ExpectedTheme? theme = ExpectedTheme.All.FirstOrDefault(found => found.File.Cases.Any(scenario => scenario.Name == name));
        if (theme is null)
        {
            output.WriteLine($"There is no case '{name}'. Cases are named like lifetime/zero.");
            return 1;
        }

        ExpectedCase expected = theme.Case(theme.File.Cases.First(scenario => scenario.Name == name));
        JsonNode original = expected.Form.DeepClone();
        foreach (DeliberateDifference difference in DeliberateDifferences.WorkInto(expected))
        {
            output.WriteLine($"{difference.Clause} {difference.Id}: {difference.Why}");
        }

        foreach (FormDifference change in FormComparer.Compare(original, expected.Form))
        {
            output.WriteLine(change);
        }

        output.WriteLine(expected.Form.ToJsonString(FormJson.Indented));
        return 0;
    }
}
