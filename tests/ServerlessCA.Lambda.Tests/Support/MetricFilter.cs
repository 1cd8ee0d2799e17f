using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ServerlessCA.Lambda.Tests.Support;

/// <summary>A filter of the module's alarms for lines of a log: the simplest pattern of CloudWatch Logs for JSON, one field that equals a
/// text.</summary>
/// <param name="Field">The field.</param>
/// <param name="Text">Its text.</param>
internal sealed partial record MetricFilter(string Field, string Text)
{
    /// <summary>Reads the pattern that a file of the module has as a local value.</summary>
    /// <param name="file">The file, in <c>terraform</c>.</param>
    /// <param name="local">The name of the value.</param>
    public static MetricFilter InFile(string file, string local)
    {
        string pattern = Value().Matches(File.ReadAllText(Repository.At("terraform", file)))
            .Single(match => match.Groups["name"].Value == local).Groups["text"].Value.Replace("\\\"", "\"", StringComparison.Ordinal);
        Match filter = EqualsText().Match(pattern);
        Assert.True(filter.Success, $"this is no pattern that is understood here: {pattern}");
        return new MetricFilter(filter.Groups["field"].Value, filter.Groups["text"].Value);
    }

    /// <summary>Returns the lines that match.</summary>
    public IEnumerable<JsonNode> Matching(IEnumerable<string> lines) =>
        lines.Select(line => JsonNode.Parse(line)!).Where(json => json[Field]?.GetValue<string>() == Text);

    [GeneratedRegex("""(?<name>\w+)\s*=\s*"(?<text>\{.*\})"\n""")]
    private static partial Regex Value();

    [GeneratedRegex("""^\{ \$\.(?<field>\w+) = "(?<text>\w+)" \}$""")]
    private static partial Regex EqualsText();
}
