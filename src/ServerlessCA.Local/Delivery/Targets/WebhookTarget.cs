using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core;
using ServerlessCA.Local.Delivery.Settings;
using ServerlessCA.Slack;

namespace ServerlessCA.Local.Delivery.Targets;

/// <summary>Posts events to a webhook as signed JSON. Any 2xx is success; redirects are not followed.</summary>
internal sealed class WebhookTarget(WebhookTargetSettings settings, HttpClient http, TimeProvider clock) : IDeliveryTarget
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10); // our decision

    public string Id => settings.Id;

    public string Name => settings.Name;

    public async Task<DeliveryOutcome> SendAsync(QueuedEvent queued, CancellationToken cancellation)
    {
        if (!settings.Secret.TryRead(out string? secret, out string? why))
        {
            return DeliveryOutcome.Unavailable(why);
        }

        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using HttpRequestMessage request = Request(queued, secret);
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return OutcomeOf(response.StatusCode);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return DeliveryOutcome.Unavailable(string.Create(
                CultureInfo.InvariantCulture, $"{settings.Url.Host} did not answer within {Timeout.TotalSeconds} s"));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return DeliveryOutcome.Unavailable($"{settings.Url.Host} cannot be reached: {SlackHttp.WhyNot(fault)}");
        }
    }

    private HttpRequestMessage Request(QueuedEvent queued, string secret)
    {
        byte[] body = EventFile.Write(queued);
        string timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, settings.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.UserAgent.ParseAdd(Product.UserAgent);

        // An id is a serial number, a day, a hash; should one ever hold more, the header has it escaped.
        request.Headers.Add("X-Serverless-CA-Id", Uri.EscapeDataString(queued.Id));
        request.Headers.Add("X-Serverless-CA-Timestamp", timestamp);
        request.Headers.Add("X-Serverless-CA-Signature", WebhookSignature.Of(secret, timestamp, body));
        return request;
    }

    private DeliveryOutcome OutcomeOf(HttpStatusCode status)
    {
        string reason = string.Create(CultureInfo.InvariantCulture, $"{settings.Url.Host} answered HTTP {(int)status}");
        return status switch
        {
            >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => DeliveryOutcome.Delivered,
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType
                or HttpStatusCode.UnprocessableEntity => DeliveryOutcome.Refused(reason),
            _ => DeliveryOutcome.Unavailable(reason),
        };
    }
}

/// <summary>Signs webhook calls: HMAC-SHA256 (RFC 2104) over the timestamp, a dot and the body. The timestamp is signed
/// so that a receiver can refuse a call that somebody recorded and sends again later.</summary>
internal static class WebhookSignature
{
    /// <summary>Returns the header's value: <c>v1=</c> and 64 hexadecimal digits.</summary>
    /// <param name="secret">Its UTF-8 bytes are the key.</param>
    /// <param name="timestamp">The text that the header has.</param>
    /// <param name="body">The bytes that are sent.</param>
    public static string Of(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        byte[] key = Encoding.UTF8.GetBytes(secret);
        try
        {
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hash.AppendData(Encoding.ASCII.GetBytes(timestamp + "."));
            hash.AppendData(body);
            return $"v1={Convert.ToHexStringLower(hash.GetHashAndReset())}";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
