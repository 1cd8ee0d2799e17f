namespace ServerlessCA.Server.Metrics;

/// <summary>Counts what happened since the start of the server, by labels whose values are few and known. Safe for many
/// threads.</summary>
/// <param name="name">The family's name, which ends with <c>_total</c>.</param>
/// <param name="help">A sentence for people.</param>
/// <param name="labels">The names of the labels.</param>
internal sealed class Counter(string name, string help, params string[] labels)
{
    private readonly Lock turn = new();
    private readonly SortedDictionary<string, long> counts = new(StringComparer.Ordinal);

    /// <summary>Makes a sample with the value 0, so that the first increase is seen as one.</summary>
    /// <param name="values">The values of the labels, in their order.</param>
    public Counter Begin(params string[] values)
    {
        Add(0, values);
        return this;
    }

    /// <summary>Counts one.</summary>
    public void Increment(params string[] values) => Add(1, values);

    /// <summary>Writes the family.</summary>
    public void Write(MetricsText text)
    {
        text.Family(name, "counter", help);
        lock (turn)
        {
            foreach ((string sample, long count) in counts)
            {
                text.Sample(name, sample, count);
            }
        }
    }

    private void Add(long more, string[] values)
    {
        string sample = MetricsText.Labels([.. labels.Zip(values)]);
        lock (turn)
        {
            counts[sample] = counts.GetValueOrDefault(sample) + more;
        }
    }
}

/// <summary>Counts durations by how long they took, with one label. Safe for many threads.</summary>
/// <param name="name">The family's name, which ends with <c>_seconds</c>.</param>
/// <param name="help">A sentence for people.</param>
/// <param name="label">The name of the label.</param>
internal sealed class DurationHistogram(string name, string help, string label)
{
    // Seconds, our decision: a published file takes less than the first, a function at most 60 (as on AWS).
    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly Lock turn = new();
    private readonly SortedDictionary<string, Series> all = new(StringComparer.Ordinal);

    /// <summary>Counts a duration.</summary>
    public void Observe(string value, TimeSpan took)
    {
        double seconds = took.TotalSeconds;
        int bucket = Array.FindIndex(Bounds, bound => seconds <= bound);
        lock (turn)
        {
            if (!all.TryGetValue(value, out Series? series))
            {
                all.Add(value, series = new Series());
            }

            series.Sum += seconds;
            series.Counts[bucket < 0 ? Bounds.Length : bucket]++;
        }
    }

    /// <summary>Writes the family.</summary>
    public void Write(MetricsText text)
    {
        text.Family(name, "histogram", help);
        lock (turn)
        {
            foreach ((string value, Series series) in all)
            {
                Write(text, value, series);
            }
        }
    }

    private void Write(MetricsText text, string value, Series series)
    {
        long count = 0;
        for (int i = 0; i <= Bounds.Length; i++)
        {
            count += series.Counts[i];
            string bound = MetricsText.Number(i < Bounds.Length ? Bounds[i] : double.PositiveInfinity);
            text.Sample($"{name}_bucket", MetricsText.Labels((label, value), ("le", bound)), count);
        }

        text.Sample($"{name}_sum", MetricsText.Labels((label, value)), series.Sum);
        text.Sample($"{name}_count", MetricsText.Labels((label, value)), count);
    }

    private sealed class Series
    {
        public double Sum { get; set; }

        public long[] Counts { get; } = new long[Bounds.Length + 1];
    }
}
