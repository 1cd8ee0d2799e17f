using System.Diagnostics;
using System.Text.Json;
using ServerlessCA.Local.Delivery.Settings;
using ServerlessCA.Local.Delivery.Targets;

namespace ServerlessCA.Local.Delivery;

/// <summary>Gets events delivered: a Slack channel, a webhook or a mailbox.</summary>
public interface IDeliveryTarget
{
    /// <summary>Names the folder of the target's waiting events: lower-case letters, digits, dashes. It stays the same
    /// as long as the target does, also when other targets come and go.</summary>
    string Id { get; }

    /// <summary>The target's name, for people.</summary>
    string Name { get; }

    /// <summary>Sends one event. A failure on the other side is an outcome; any exception counts as
    /// <see cref="DeliveryResult.Unavailable"/>.</summary>
    /// <param name="queued">The event to send.</param>
    /// <param name="cancellation">Ends the attempt; the event may have arrived then.</param>
    Task<DeliveryOutcome> SendAsync(QueuedEvent queued, CancellationToken cancellation);
}

/// <summary>An event that waits for delivery to a target. Immutable.</summary>
/// <param name="Id">The same at every delivery, so that receivers can drop repeats.</param>
/// <param name="Subject">For instance <c>Certificate Issued</c>.</param>
/// <param name="Time">The time it was queued, UTC.</param>
/// <param name="Message">The payload of contract section 8.</param>
public sealed record QueuedEvent(string Id, string Subject, DateTimeOffset Time, JsonElement Message);

/// <summary>Says what happened to one event at one target, and why. Immutable.</summary>
/// <param name="Result">The outcome in short.</param>
/// <param name="Reason">For people, in one line, without secrets; empty when delivered.</param>
public sealed record DeliveryOutcome(DeliveryResult Result, string Reason)
{
    /// <summary>The target has the event.</summary>
    public static DeliveryOutcome Delivered { get; } = new(DeliveryResult.Delivered, "");

    /// <summary>Makes the outcome of a target that refuses this event.</summary>
    public static DeliveryOutcome Refused(string reason) => new(DeliveryResult.Refused, OneLine.Of(reason));

    /// <summary>Makes the outcome of a target that is unavailable now.</summary>
    public static DeliveryOutcome Unavailable(string reason) => new(DeliveryResult.Unavailable, OneLine.Of(reason));
}

/// <summary>Says what happened to one event at one target.</summary>
public enum DeliveryResult
{
    /// <summary>The target has the event.</summary>
    Delivered,

    /// <summary>The target refuses this event; it may accept others.</summary>
    Refused,

    /// <summary>The target is unavailable now; other events would fail, too.</summary>
    Unavailable,
}

/// <summary>Makes targets from settings.</summary>
public static class DeliveryTargets
{
    /// <summary>Makes the targets, in the order of the settings.</summary>
    /// <param name="settings">The targets of a setting without problems.</param>
    /// <param name="http">Sends requests; see <see cref="ServerlessCA.Slack.SlackHttp"/>. The caller disposes
    /// it.</param>
    /// <param name="clock">Measures timeouts and dates signatures.</param>
    public static IReadOnlyList<IDeliveryTarget> Create(
        IReadOnlyList<TargetSettings> settings, HttpClient http, TimeProvider clock) =>
        [.. settings.Select(one => Create(one, http, clock))];

    private static IDeliveryTarget Create(TargetSettings settings, HttpClient http, TimeProvider clock) => settings switch
    {
        SlackTargetSettings slack => new SlackTarget(slack, http, clock),
        WebhookTargetSettings webhook => new WebhookTarget(webhook, http, clock),
        SmtpTargetSettings smtp => new SmtpTarget(smtp),
        _ => throw new UnreachableException(),
    };
}
