using System.Globalization;
using System.Text;

namespace ServerlessCA.Server.Metrics;

/// <summary>Writes metrics in the text format of Prometheus, version 0.0.4. Families are written one after the other, the samples
/// of each together, as the format demands.</summary>
internal sealed class MetricsText
{
    /// <summary>The media type of the format.</summary>
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder text = new();

    /// <summary>Begins a family.</summary>
    /// <param name="name">The name, with its unit at the end, such as <c>serverless_ca_crl_next_update_timestamp_seconds</c>.</param>
    /// <param name="type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
    /// <param name="help">A sentence for people, in one line.</param>
    public void Family(string name, string type, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(Escaped(help)).Append('\n')
            .Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    /// <summary>Writes a sample.</summary>
    /// <param name="name">The family's name, or for histograms with <c>_bucket</c>, <c>_sum</c> or <c>_count</c>.</param>
    /// <param name="labels">What <see cref="Labels"/> made.</param>
    /// <param name="value">The value.</param>
    public void Sample(string name, string labels, double value) => text.Append(name).Append(labels).Append(' ').Append(Number(value)).Append('\n');

    /// <summary>Writes a family with one gauge that has no labels.</summary>
    public void Gauge(string name, string help, double value)
    {
        Family(name, "gauge", help);
        Sample(name, "", value);
    }

    /// <summary>Returns labels as a sample has them: <c>{ca="a",level="b"}</c>, or nothing.</summary>
    public static string Labels(params IReadOnlyList<(string Name, string Value)> labels) => labels.Count == 0
        ? ""
        : $"{{{string.Join(',', labels.Select(label => $"{label.Name}=\"{Escaped(label.Value).Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}}}";

    /// <summary>Returns a number as the format has it.</summary>
    public static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    private static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
