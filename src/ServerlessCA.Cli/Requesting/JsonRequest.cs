using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Requesting;

/// <summary>Requests as JSON objects while options fill them.</summary>
internal static class JsonRequest
{
    /// <summary>Reads <c>--file</c>, which may be standard input.</summary>
    /// <exception cref="CommandFault">It is not one JSON object.</exception>
    public static async Task<JsonObject> ReadAsync(string path, Terminal terminal, CancellationToken cancellation)
    {
        byte[] utf8 = await AnyInput.ReadAsync(path, "--file", IssueRequest.MaxBytes, terminal, cancellation);
        try
        {
            return JsonNode.Parse(utf8, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw CommandFault.Usage($"--file '{path}' is not a JSON object", "write one request, as an element of tls.json looks");
        }
        catch (JsonException fault)
        {
            throw CommandFault.Usage($"--file '{path}' is not JSON: {JsonFaults.Place(fault)}", "correct the file");
        }
    }

    /// <summary>Whether a flag is set, in the forms that the CA takes (SPEC 12.2).</summary>
    public static bool IsFlagSet(JsonObject request, string key) =>
        request[key] is JsonValue value && (value.TryGetValue(out bool set) ? set : Text(request, key) == "true");

    /// <summary>The text of a member; null when it is missing or something else.</summary>
    public static string? Text(JsonObject request, string key) =>
        request[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
