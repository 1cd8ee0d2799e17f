using System.Text.Json;
using ServerlessCA.Local.Delivery;
using ServerlessCA.Local.Delivery.Settings;
using Xunit;

namespace ServerlessCA.Local.Tests.Delivery;

/// <summary>Targets by way of the settings, as a CA makes them.</summary>
internal static class TestTargets
{
    public static NotificationSettings Read(string json, string folder = "/data")
    {
        using var document = JsonDocument.Parse(json);
        return NotificationSettings.Read(document.RootElement, folder, "serverless");
    }

    public static IReadOnlyList<IDeliveryTarget> Create(string json, HttpClient http, TimeProvider? clock = null, string folder = "/data")
    {
        NotificationSettings settings = Read(json, folder);
        Assert.Empty(settings.Problems);
        return DeliveryTargets.Create(settings.Targets, http, clock ?? TimeProvider.System);
    }
}
