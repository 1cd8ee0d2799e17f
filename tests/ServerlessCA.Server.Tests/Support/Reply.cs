using System.Net;
using System.Text;
using System.Text.Json;

namespace ServerlessCA.Server.Tests.Support;

/// <summary>An HTTP answer, read to its end.</summary>
public sealed record Reply(int Status, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The name of the fault.</summary>
    public string? Fault => Headers.GetValueOrDefault("x-amzn-errortype");

    /// <summary>What the fault says.</summary>
    public string? Message => Json.GetProperty(nameof(Message)).GetString();

    public static async Task<Reply> OfAsync(HttpResponseMessage response, CancellationToken cancellation) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsByteArrayAsync(cancellation),
        response.Headers.Concat(response.Content.Headers).ToDictionary(
            header => header.Key.ToLowerInvariant(), header => string.Join(", ", header.Value)));

    /// <summary>Itself, if all went well.</summary>
    public Reply Ok()
    {
        Assert.True(Status == (int)HttpStatusCode.OK && !Headers.ContainsKey("x-amz-function-error"), $"{Status}: {Text}");
        return this;
    }
}
