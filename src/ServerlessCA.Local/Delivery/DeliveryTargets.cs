using System.Diagnostics;
using ServerlessCA.Local.Delivery.Settings;
using ServerlessCA.Local.Delivery.Targets;

namespace ServerlessCA.Local.Delivery;

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
