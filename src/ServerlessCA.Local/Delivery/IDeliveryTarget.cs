using System.Diagnostics;
using System.Text.Json;
using ServerlessCA.Local.Delivery.Settings;
using ServerlessCA.Local.Delivery.Targets;

namespace ServerlessCA.Local.Delivery;

/// <summary>Somebody who is told of events: a Slack channel, a webhook, a mailbox.</summary>
public interface IDeliveryTarget
{
    /// <summary>Stays the same while the target does, also when others come and go: lower-case letters, digits, dashes.
    /// It names the folder of what waits for the target.</summary>
    string Id { get; }

    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>Sends one event. What fails on the other side is an outcome; whatever is thrown all the same counts as
    /// <see cref="DeliveryResult.Unavailable"/>.</summary>
    /// <param name="told">The event.</param>
    /// <param name="cancellation">Ends the attempt; the event may have arrived then.</param>
    Task<DeliveryOutcome> SendAsync(QueuedEvent told, CancellationToken cancellation);
}

/// <summary>An event on its way to a target. Immutable.</summary>
/// <param name="Id">The same however often it is delivered: receivers drop repeats by it.</param>
/// <param name="Subject">Such as <c>Certificate Issued</c>.</param>
/// <param name="Time">When it was queued, UTC.</param>
/// <param name="Message">The payload of contract section 8.</param>
public sealed record QueuedEvent(string Id, string Subject, DateTimeOffset Time, JsonElement Message);

/// <summary>What became of one event at one target, and why. Immutable.</summary>
/// <param name="Result">In short.</param>
/// <param name="Reason">For people, in one line, without secrets; empty when delivered.</param>
public sealed record DeliveryOutcome(DeliveryResult Result, string Reason)
{
    /// <summary>The target has it.</summary>
    public static DeliveryOutcome Delivered { get; } = new(DeliveryResult.Delivered, "");

    /// <summary>The target does not take this event.</summary>
    public static DeliveryOutcome Refused(string reason) => new(DeliveryResult.Refused, OneLine.Of(reason));

    /// <summary>The target is not to be had now.</summary>
    public static DeliveryOutcome Unavailable(string reason) => new(DeliveryResult.Unavailable, OneLine.Of(reason));
}

/// <summary>What became of one event at one target.</summary>
public enum DeliveryResult
{
    /// <summary>The target has it.</summary>
    Delivered,

    /// <summary>The target does not take this event; others may be fine.</summary>
    Refused,

    /// <summary>The target is not to be had now; other events would fare the same.</summary>
    Unavailable,
}

/// <summary>From settings to targets that can be told.</summary>
public static class DeliveryTargets
{
    /// <summary>Makes them, in the order of the settings.</summary>
    /// <param name="settings">Of a setting without problems.</param>
    /// <param name="http">Carries calls; see <see cref="ServerlessCA.Slack.SlackHttp"/>. It stays the caller's.</param>
    /// <param name="clock">Times calls and dates signatures.</param>
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
