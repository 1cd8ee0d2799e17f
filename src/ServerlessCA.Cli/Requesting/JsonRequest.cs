using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Requesting;

/// <summary>Requests as JSON objects while options fill them.</summary>
internal static class JsonRequest
{
    /// <summary>Reads <c>--file</c>, which may be standard input.</summary>
    /// <exception cref="CommandFault">It is not one JSON object.</exception>
    public static async Task<JsonObject> ReadAsync(string path, Surroundings here, CancellationToken cancellation)
    {
        byte[] content = await AnyInput.ReadAsync(path, "--file", IssueRequest.MaxBytes, here, cancellation);
        if (!TextFile.TryReadUtf8(content, out ReadOnlyMemory<byte> utf8, out TextFault? why))
        {
            throw InputFile.NoText($"--file '{path}'", why);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind != JsonValueKind.Object
                ? throw CommandFault.Usage($"--file '{path}' is not a JSON object", "write one request, as an element of tls.json looks")
                : !JsonFaults.IsUnicode(document.RootElement) ? throw HalfACharacter(path)
                : JsonObject.Create(document.RootElement.Clone())!;
        }
        catch (InvalidOperationException)
        {
            throw HalfACharacter(path); // in a key, which is compared with the others
        }
        catch (JsonException fault)
        {
            throw CommandFault.Usage($"--file '{path}' is not JSON: {JsonFaults.Place(fault)}", "correct the file");
        }
    }

    private static CommandFault HalfACharacter(string path) => CommandFault.Usage(
        $@"--file '{path}' has half a character, such as \ud800", "write the character itself, or both halves");

    /// <summary>Whether a flag is set, in the forms that the CA takes (SPEC 12.2).</summary>
    public static bool IsFlagSet(JsonObject request, string key) =>
        request[key] is JsonValue value && (value.TryGetValue(out bool set) ? set : Text(request, key) == "true");

    /// <summary>The text of a member; null when it is missing or something else.</summary>
    public static string? Text(JsonObject request, string key) =>
        request[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
