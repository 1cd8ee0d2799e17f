using System.Text;
using System.Text.Json;
using ServerlessCA.Local.Delivery;

namespace ServerlessCA.Local.Tests.Delivery;

/// <summary>Events as targets get them.</summary>
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
