using System.Text.Json;

namespace ServerlessCA.Cli.Decoding;

/// <summary>The message that a certificate was revoked (contract section 8): the one without a certificate. Immutable.</summary>
/// <param name="CommonName">Whose.</param>
/// <param name="SerialNumber">Decimal.</param>
internal sealed record RevocationNotice(string CommonName, string SerialNumber)
{
    private const int MaxLayers = 4; // SNS around it, and that in an event

    /// <summary>The first one in the input; null when there is none.</summary>
    /// <exception cref="CommandFault">It would take too long to look.</exception>
    public static RevocationNotice? Read(byte[] input) =>
        InputText.Of(input) is { } text ? Read(text, MaxLayers, new Effort(input.Length)) : null;

    private static RevocationNotice? Read(string text, int layers, Effort effort) => layers == 0 ? null
        : JsonTexts.Values(text, effort).Select(value => Of(value, layers, effort)).FirstOrDefault(notice => notice is not null);

    private static RevocationNotice? Of(JsonElement value, int layers, Effort effort) => value.ValueKind switch
    {
        JsonValueKind.Object => Own(value) ?? First(value.EnumerateObject().Select(member => member.Value), layers, effort),
        JsonValueKind.Array => First(value.EnumerateArray(), layers, effort),
        JsonValueKind.String => Read(value.GetString()!, layers - 1, effort),
        _ => null,
    };

    private static RevocationNotice? First(IEnumerable<JsonElement> values, int layers, Effort effort) =>
        values.Select(value => Of(value, layers, effort)).FirstOrDefault(notice => notice is not null);

    private static RevocationNotice? Own(JsonElement value) =>
        Text(value, "CommonName") is { } name && Text(value, "SerialNumber") is { } serial && Text(value, "Revoked") is not null
            ? new RevocationNotice(name, serial)
            : null;

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
