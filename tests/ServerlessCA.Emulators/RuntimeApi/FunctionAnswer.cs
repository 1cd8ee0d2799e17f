using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Emulators.RuntimeApi;

/// <summary>What a function answered to an event. Immutable.</summary>
/// <param name="Payload">The answer, or the error.</param>
/// <param name="ErrorType">The header that an error came with; null for an answer.</param>
public sealed record FunctionAnswer(byte[] Payload, string? ErrorType)
{
    /// <summary>Whether it is an error.</summary>
    public bool IsError => ErrorType is not null;

    /// <summary>The payload, parsed.</summary>
    public JsonNode? Json => JsonNode.Parse(Payload);

    /// <summary>The payload as text.</summary>
    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>An error that Lambda itself makes.</summary>
    public static FunctionAnswer OfLambda(string errorType, string message) =>
        new(Encoding.UTF8.GetBytes(new JsonObject { ["errorType"] = errorType, ["errorMessage"] = message }.ToJsonString(JsonSerializerOptions.Default)), errorType);
}
