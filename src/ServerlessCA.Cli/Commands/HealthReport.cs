using System.Globalization;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core;
using ServerlessCA.Core.Health;

namespace ServerlessCA.Cli.Commands;

/// <summary>What <c>health</c> found, for people and for programs.</summary>
internal static class HealthReport
{
    /// <summary>The worst on top, else in the order in which things were looked at.</summary>
    public static IReadOnlyList<HealthFinding> WorstFirst(IEnumerable<HealthFinding> findings) =>
        [.. findings.OrderByDescending(finding => finding.Level)];

    /// <summary>The level of the worst.</summary>
    public static HealthLevel Overall(IEnumerable<HealthFinding> findings) => findings.Max(finding => finding.Level);

    /// <summary>A table and a line that sums it up, or one object.</summary>
    public static void Tell(Terminal terminal, IReadOnlyList<HealthFinding> findings, bool json)
    {
        if (json)
        {
            terminal.Write(Json(findings));
            return;
        }

        var table = new TextTable("Level", "What", "Finding");
        foreach (HealthFinding finding in findings)
        {
            table.Add(Words.Of(finding.Level), finding.Check, finding.Message);
        }

        terminal.WriteTable(table);
        terminal.WriteLine();
        terminal.WriteLine(Summary(findings));
    }

    private static string Summary(IReadOnlyList<HealthFinding> findings)
    {
        IEnumerable<string> counts = Enum.GetValues<HealthLevel>().OrderDescending().Select(level => string.Create(
            CultureInfo.InvariantCulture, $"{findings.Count(finding => finding.Level == level)} {Words.Of(level).Text}"));
        return $"{Words.Of(Overall(findings)).Text}: {string.Join(", ", counts)}; {Product.Text}";
    }

    private static string Json(IReadOnlyList<HealthFinding> findings) => JsonText.Object(writer =>
    {
        writer.WriteString("Status", Overall(findings).ToString());
        writer.WriteString("Version", Product.Version);
        writer.WriteStartArray("Findings");
        foreach (HealthFinding finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("Level", finding.Level.ToString());
            writer.WriteString("Subject", finding.Check);
            writer.WriteString("Text", finding.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
