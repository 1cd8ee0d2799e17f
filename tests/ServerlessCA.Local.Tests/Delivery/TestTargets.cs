using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using ServerlessCA.Local.Delivery;
using ServerlessCA.Local.Delivery.Settings;
using Xunit;

namespace ServerlessCA.Local.Tests.Delivery;

/// <summary>Makes targets from settings, as a CA does.</summary>
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

/// <summary>A target that records the events it gets, and answers each as the test says.</summary>
internal sealed class FakeTarget(string id, Func<QueuedEvent, CancellationToken, Task<DeliveryOutcome>>? answer = null) : IDeliveryTarget
{
    private readonly ConcurrentQueue<QueuedEvent> received = new();

    public string Id => id;

    public string Name => $"target {id}";

    /// <summary>Every attempt, in order.</summary>
    public IReadOnlyList<QueuedEvent> Received => [.. received];

    public IEnumerable<string> Ids => received.Select(one => one.Id);

    public static FakeTarget Answering(string id, Func<QueuedEvent, DeliveryOutcome> answer) =>
        new(id, (received, _) => Task.FromResult(answer(received)));

    public Task<DeliveryOutcome> SendAsync(QueuedEvent received, CancellationToken cancellation)
    {
        this.received.Enqueue(received);
        return answer?.Invoke(received, cancellation) ?? Task.FromResult(DeliveryOutcome.Delivered);
    }
}

/// <summary>Makes events in the form that targets get.</summary>
internal static class QueuedEvents
{
    public const string Pem = "-----BEGIN CERTIFICATE-----\nTUFERQ==\n-----END CERTIFICATE-----\n";

    public static DateTimeOffset Time { get; } = new(2026, 3, 2, 10, 20, 30, 250, TimeSpan.Zero);

    public static QueuedEvent Issued(string commonName = "www.example.test") => Event(
        "issued-2535",
        "Certificate Issued",
        $$"""{"CertificateInfo":{"CommonName":{{Quote(commonName)}},"SerialNumber":"2535","Issued":"2026-03-02 10:15:30","Expires":"2026-04-01 10:20:30"},"Base64Certificate":"{{Convert.ToBase64String(Encoding.ASCII.GetBytes(Pem))}}","Subject":"CN=www.example.test"}""");

    public static QueuedEvent Rejected() => Event(
        "rejected-1",
        "Certificate Request Rejected",
        """{"CSRInfo":{"CommonName":"www.example.test","Lifetime":30,"Purposes":["client_auth","server_auth"],"SANs":[{"type":"DNS_NAME","value":"www.example.test"},{"type":"IP_ADDRESS","value":"10.0.0.1"}]},"Base64CSR":"LS0t","Subject":"","Reason":"0 is too short"}""");

    public static QueuedEvent Event(string id, string subject, string json)
    {
        using var message = JsonDocument.Parse(json);
        return new QueuedEvent(id, subject, Time, message.RootElement.Clone());
    }

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}

/// <summary>Sets an environment variable for one test, under a name that no other test has.</summary>
internal sealed class Variable : IDisposable
{
    public Variable(string value)
    {
        Name = $"SERVERLESS_CA_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(Name, value);
    }

    public string Name { get; }

    public void Dispose() => Environment.SetEnvironmentVariable(Name, null);
}
