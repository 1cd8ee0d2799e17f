using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Server.Metrics;

/// <summary>Says how many notifications wait, and for how long the oldest does. The outbox of the ledger has no times: an event
/// there counts from when this server has first seen it. Not for concurrent use.</summary>
/// <param name="ledger">The ledger with the outbox.</param>
/// <param name="queued">Returns when each event was queued for the targets of delivery, UTC.</param>
/// <param name="clock">The time.</param>
internal sealed class WaitingNotifications(ICertificateLedger ledger, Func<IReadOnlyCollection<DateTimeOffset>> queued, TimeProvider clock)
{
    private const int MaxRead = 1000; // our decision, as health does: how many more there are matters no more

    private Dictionary<string, DateTimeOffset> firstSeen = new(StringComparer.Ordinal);

    /// <summary>Writes both places.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public async Task WriteAsync(MetricsText text, CancellationToken cancellation)
    {
        IReadOnlyList<Notification> outbox = await ledger.ReadOutboxAsync(MaxRead, cancellation);
        DateTimeOffset now = clock.GetUtcNow();
        firstSeen = outbox.Select(waiting => waiting.Id).Distinct(StringComparer.Ordinal)
            .ToDictionary(id => id, id => firstSeen.TryGetValue(id, out DateTimeOffset seen) ? seen : now, StringComparer.Ordinal);
        (string Place, IReadOnlyCollection<DateTimeOffset> Since)[] places = [("outbox", firstSeen.Values), ("queue", queued())];
        text.Family("serverless_ca_notifications_waiting", "gauge", "Notifications that are not delivered yet: in the ledger's outbox (at most 1000 are counted), and in the queue of the targets.");
        foreach ((string place, IReadOnlyCollection<DateTimeOffset> since) in places)
        {
            text.Sample("serverless_ca_notifications_waiting", MetricsText.Labels(("place", place)), since.Count);
        }

        text.Family("serverless_ca_notifications_oldest_age_seconds", "gauge", "How long the oldest of them waits; 0: none does.");
        foreach ((string place, IReadOnlyCollection<DateTimeOffset> since) in places)
        {
            double age = since.Count == 0 ? 0 : Math.Max(0, (now - since.Min()).TotalSeconds);
            text.Sample("serverless_ca_notifications_oldest_age_seconds", MetricsText.Labels(("place", place)), age);
        }
    }
}
