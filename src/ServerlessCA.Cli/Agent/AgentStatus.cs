using System.Globalization;
using System.Text;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Cli.Agent;

/// <summary>Holds the state of an agent for probes and monitoring. Other threads may read it while the agent
/// works.</summary>
internal sealed class AgentStatus(TimeProvider clock)
{
    // Our decision: longer than the longest turn of the agent, which is four calls of a function that does not answer
    // (AnswerTimeout.Longest, 910 seconds at most), the pauses between them, and a command of a minute.
    private static readonly TimeSpan AliveFor = (4 * AnswerTimeout.Longest) + TimeSpan.FromMinutes(4);

    private readonly Lock gate = new();
    private readonly SortedDictionary<string, long> failures = new(StringComparer.Ordinal);
    private long beat;
    private Certificate? held;
    private bool isAnnounced;
    private long renewals;
    private long announcementFailures;
    private DateTimeOffset? lastRenewal;
    private DateTimeOffset? next;

    /// <summary>Records that the agent is at work, and what it holds.</summary>
    public void Beat(Certificate? certificate, bool announced, DateTimeOffset nextAttempt)
    {
        lock (gate)
        {
            (beat, held, isAnnounced, next) = (clock.GetTimestamp(), certificate, announced, nextAttempt);
        }
    }

    /// <summary>Counts a renewal.</summary>
    public void Renewed()
    {
        lock (gate)
        {
            renewals++;
            lastRenewal = clock.GetUtcNow();
        }
    }

    /// <summary>Counts a failed attempt.</summary>
    /// <param name="kind">The kind of failure in one word, a label of the metric.</param>
    public void Failed(string kind)
    {
        lock (gate)
        {
            failures[kind] = failures.GetValueOrDefault(kind) + 1;
        }
    }

    /// <summary>Counts a notification of the application that failed.</summary>
    public void NotAnnounced()
    {
        lock (gate)
        {
            announcementFailures++;
        }
    }

    /// <summary>Whether the agent still works, by a clock that never jumps.</summary>
    public bool IsAlive
    {
        get
        {
            lock (gate)
            {
                return beat != 0 && clock.GetElapsedTime(beat) < AliveFor;
            }
        }
    }

    /// <summary>Whether the files are there and valid. It does not depend on the application's notification, as the
    /// application may start only when this is true.</summary>
    public bool IsReady
    {
        get
        {
            lock (gate)
            {
                return held is not null && clock.GetUtcNow() < held.NotAfter;
            }
        }
    }

    /// <summary>Returns the metrics in Prometheus's text format, version 0.0.4.</summary>
    public string Metrics()
    {
        bool ready = IsReady;
        lock (gate)
        {
            var text = new StringBuilder();
            Add(text, "ready", "gauge", "1 while the certificate is there and valid", "", ready ? 1 : 0);
            Add(text, "announced", "gauge", "1 while the application knows of the files that are there", "", isAnnounced ? 1 : 0);
            Add(text, "renewals_total", "counter", "Certificates got and put in place", "", renewals);
            Add(text, "announcement_failures_total", "counter", "Commands or signals that failed", "", announcementFailures);
            Head(text, "failures_total", "counter", "Attempts that failed, by kind");
            foreach ((string kind, long count) in failures)
            {
                Line(text, "failures_total", $"{{kind=\"{kind}\"}}", count);
            }

            AddTime(text, "certificate_not_before_timestamp_seconds", "Start of the certificate's validity", held?.NotBefore);
            AddTime(text, "certificate_not_after_timestamp_seconds", "End of the certificate's validity", held?.NotAfter);
            AddTime(text, "last_renewal_timestamp_seconds", "The last renewal of this process", lastRenewal);
            AddTime(text, "next_attempt_timestamp_seconds", "When the CA is asked next", next);
            return text.ToString();
        }
    }

    private static void AddTime(StringBuilder text, string name, string help, DateTimeOffset? time)
    {
        if (time is { } known && known.Year > 1)
        {
            Add(text, name, "gauge", help, "", known.ToUnixTimeSeconds());
        }
    }

    private static void Add(StringBuilder text, string name, string type, string help, string labels, long value)
    {
        Head(text, name, type, help);
        Line(text, name, labels, value);
    }

    private static void Head(StringBuilder text, string name, string type, string help) => text.Append(
        CultureInfo.InvariantCulture, $"# HELP serverless_ca_agent_{name} {help}.\n# TYPE serverless_ca_agent_{name} {type}\n");

    private static void Line(StringBuilder text, string name, string labels, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"serverless_ca_agent_{name}{labels} {value}\n");
}
