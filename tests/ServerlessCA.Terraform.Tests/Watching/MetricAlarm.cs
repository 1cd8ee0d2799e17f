using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Watching;

/// <summary>Names a metric as CloudWatch does: equal only if the dimensions are the same, too.</summary>
/// <param name="Namespace">For instance <c>AWS/Lambda</c>.</param>
/// <param name="Name">For instance <c>Errors</c>.</param>
/// <param name="Dimensions">Sorted by name, such as <c>Operation=Query,TableName=ServerlessCADev</c>; empty: none.</param>
internal sealed record Metric(string Namespace, string Name, string Dimensions)
{
    /// <summary>The names of its dimensions, such as <c>Operation,TableName</c>.</summary>
    public string DimensionNames => string.Join(',', Dimensions.Split(',').Select(dimension => dimension.Split('=')[0]));

    /// <summary>Reads an alarm or one of its queries, which have the same attributes.</summary>
    public static Metric Of(JsonElement json) => new(
        json.GetProperty("namespace").GetString()!,
        json.GetProperty("metric_name").GetString()!,
        json.TryGetProperty("dimensions", out JsonElement dimensions) && dimensions.ValueKind == JsonValueKind.Object
            ? string.Join(',', dimensions.EnumerateObject().OrderBy(dimension => dimension.Name, StringComparer.Ordinal).Select(dimension => $"{dimension.Name}={dimension.Value}"))
            : "");
}

/// <summary>Is a value that a service or a metric filter reported.</summary>
/// <param name="Metric">Of which metric.</param>
/// <param name="At">The time since some start.</param>
/// <param name="Value">The value.</param>
internal sealed record Sample(Metric Metric, TimeSpan At, double Value);

/// <summary>Is the state of an alarm.</summary>
internal enum AlarmState
{
    InsufficientData,
    Ok,
    Alarm,
}

/// <summary>Evaluates an alarm as CloudWatch does, from what Terraform deployed: it aggregates each period, and goes by the last
/// datapoints there are; where there are fewer than it evaluates, by what the alarm says of missing data ("Configuring how CloudWatch
/// alarms treat missing data").</summary>
internal sealed partial record MetricAlarm
{
    // CloudWatch looks at some datapoints more than an alarm evaluates; how many is not documented, and its examples have two.
    private const int MoreLookedAt = 2;

    /// <summary>The name of the alarm.</summary>
    public required string Name { get; init; }

    /// <summary>The metrics that it sums up, each with its statistic; one, where it has no expression.</summary>
    public required IReadOnlyList<(Metric Metric, string Statistic)> Metrics { get; init; }

    /// <summary>Whether periods without data count as zero before the expression is computed.</summary>
    public bool FillsWithZero { get; init; }

    public required TimeSpan Period { get; init; }

    /// <summary>How many datapoints are evaluated.</summary>
    public required int Evaluated { get; init; }

    /// <summary>How many of them must breach.</summary>
    public required int ToAlarm { get; init; }

    public required string Comparison { get; init; }

    public required double Threshold { get; init; }

    /// <summary><c>missing</c>, <c>ignore</c>, <c>breaching</c> or <c>notBreaching</c>.</summary>
    public required string MissingData { get; init; }

    /// <summary>Reads a deployed alarm.</summary>
    public static MetricAlarm Of(Resource alarm)
    {
        JsonElement values = alarm.Values;
        JsonElement[] queries = values.TryGetProperty("metric_query", out JsonElement query) && query.ValueKind == JsonValueKind.Array ? [.. query.EnumerateArray()] : [];
        JsonElement[] metrics = [.. queries.Where(HasMetric).Select(each => each.GetProperty("metric")[0])];
        int evaluated = values.GetProperty("evaluation_periods").GetInt32();
        return new MetricAlarm
        {
            Name = alarm.Text("alarm_name"),
            Metrics = queries.Length == 0
                ? [(Metric.Of(values), alarm.Text("statistic"))]
                : [.. metrics.Select(metric => (Metric.Of(metric), metric.GetProperty("stat").GetString()!))],
            FillsWithZero = queries.Length > 0 && IsSumOfFilled(queries),
            Period = TimeSpan.FromSeconds(queries.Length == 0
                ? values.GetProperty("period").GetInt32()
                : metrics.Select(metric => metric.GetProperty("period").GetInt32()).Distinct().Single()),
            Evaluated = evaluated,
            ToAlarm = values.TryGetProperty("datapoints_to_alarm", out JsonElement least) && least.ValueKind == JsonValueKind.Number && least.GetInt32() > 0 ? least.GetInt32() : evaluated,
            Comparison = alarm.Text("comparison_operator"),
            Threshold = values.GetProperty("threshold").GetDouble(),
            MissingData = alarm.Text("treat_missing_data"),
        };
    }

    /// <summary>Whether PutMetricAlarm accepts its periods.</summary>
    public bool IsValid => Evaluated > 0 && ToAlarm > 0 && ToAlarm <= Evaluated && Period.TotalSeconds % 60 == 0
        && Period * Evaluated <= (Period < TimeSpan.FromHours(1) ? TimeSpan.FromDays(1) : TimeSpan.FromDays(7));

    /// <summary>Whether a value breaches the threshold.</summary>
    public bool IsBreach(double value) => Comparison switch
    {
        "GreaterThanOrEqualToThreshold" => value >= Threshold,
        "GreaterThanThreshold" => value > Threshold,
        "LessThanOrEqualToThreshold" => value <= Threshold,
        "LessThanThreshold" => value < Threshold,
        _ => throw new ArgumentException(Comparison),
    };

    /// <summary>Returns the state at the end of each period, from the first one on.</summary>
    public IReadOnlyList<AlarmState> StatesOver(IReadOnlyList<Sample> samples, TimeSpan end)
    {
        var states = new List<AlarmState>();
        int count = (int)(end / Period);
        double?[] points = [.. Enumerable.Range(0, count).Select(number => PointOf(samples, number))];
        AlarmState state = AlarmState.InsufficientData;
        for (int last = 0; last < count; last++)
        {
            states.Add(state = StateOf(points[Math.Max(0, last + 1 - Evaluated - MoreLookedAt)..(last + 1)], state));
        }

        return states;
    }

    /// <summary>Evaluates datapoints.</summary>
    /// <param name="range">The datapoints that CloudWatch looks at, the latest one last; null: missing.</param>
    /// <param name="state">The present state.</param>
    public AlarmState StateOf(IReadOnlyList<double?> range, AlarmState state)
    {
        double[] real = [.. range.OfType<double>()];
        int filled = Math.Max(0, Evaluated - real.Length);
        int breaches = real.TakeLast(Evaluated).Count(IsBreach);
        if (filled == 0 || MissingData == "notBreaching")
        {
            return breaches >= ToAlarm ? AlarmState.Alarm : AlarmState.Ok;
        }

        if (MissingData == "breaching")
        {
            return breaches + filled >= ToAlarm ? AlarmState.Alarm : AlarmState.Ok;
        }

        // What is there decides, unless all of it breaches: then it depends on how long it has done so.
        if (real.Any(value => !IsBreach(value)))
        {
            return breaches >= ToAlarm ? AlarmState.Alarm : AlarmState.Ok;
        }

        if (MissingData == "ignore")
        {
            return state;
        }

        int oldest = range.Count - range.ToList().FindIndex(value => value is not null);
        return real.Length > 0 && oldest >= ToAlarm ? AlarmState.Alarm : AlarmState.InsufficientData;
    }

    private double? PointOf(IReadOnlyList<Sample> samples, int number)
    {
        double?[] parts = [.. Metrics.Select(part => Aggregate(
            part.Statistic,
            [.. samples.Where(sample => sample.Metric == part.Metric && (int)(sample.At / Period) == number).Select(sample => sample.Value)]))];
        return FillsWithZero ? parts.Sum(part => part ?? 0) : parts.Single();
    }

    private static double? Aggregate(string statistic, double[] values) => values.Length == 0 ? null : statistic switch
    {
        "Sum" => values.Sum(),
        "Maximum" => values.Max(),
        "Minimum" => values.Min(),
        _ => throw new ArgumentException(statistic),
    };

    private static bool HasMetric(JsonElement query) =>
        query.TryGetProperty("metric", out JsonElement metric) && metric.ValueKind == JsonValueKind.Array && metric.GetArrayLength() == 1;

    // The one kind of expression that is understood here: FILL(a, 0) + FILL(b, 0), of every metric.
    private static bool IsSumOfFilled(JsonElement[] queries)
    {
        JsonElement shown = queries.Single(query => query.GetProperty("return_data").ValueKind == JsonValueKind.True);
        string[] filled = [.. shown.GetProperty("expression").GetString()!.Split(" + ").Select(part => Filled().Match(part) is { Success: true } match
            ? match.Groups[1].Value
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"this expression is not understood here: {part}")))];
        Assert.Equal(queries.Where(HasMetric).Select(query => query.GetProperty("id").GetString()!).Order(), filled.Order());
        return true;
    }

    [GeneratedRegex(@"^FILL\((\w+), 0\)$")]
    private static partial Regex Filled();
}
