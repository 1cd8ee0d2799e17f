using System.Globalization;

namespace ServerlessCA.Benchmarks.Results;

/// <summary>Numbers of many measurements, and how they are written.</summary>
internal static class Figure
{
    public static double Median(IEnumerable<double> values) => Percentile(values, 0.5);

    /// <summary>Returns the value that the part <paramref name="part"/> of all is not above.</summary>
    public static double Percentile(IEnumerable<double> values, double part)
    {
        double[] ordered = [.. values.Order()];
        return ordered[Math.Min((int)(ordered.Length * part), ordered.Length - 1)];
    }

    /// <summary>Writes a number with so many places, for a cell of a table.</summary>
    public static string Text(double value, int places) => value.ToString($"N{places}", CultureInfo.InvariantCulture);

    public static string Megabytes(long bytes) => Text(bytes / 1e6, 0);
}
