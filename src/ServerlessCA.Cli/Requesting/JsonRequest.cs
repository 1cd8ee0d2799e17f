using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Requesting;

/// <summary>Requests as JSON objects while options fill them.</summary>
internal static class JsonRequest
{
    private const int MostFaultsTold = 10; // our decision

    /// <summary>Reads <c>--file</c>, which may be standard input. What the CA would only warn of is refused here, before a key
    /// is made for a certificate that nobody meant (SPEC 12.24).</summary>
    /// <exception cref="CommandFault">It is not one JSON object, or it has keys that mean nothing.</exception>
    public static async Task<JsonObject> ReadAsync(string path, Terminal terminal, CancellationToken cancellation)
    {
        byte[] utf8 = await AnyInput.ReadAsync(path, "--file", IssueRequest.MaxBytes, terminal, cancellation);
        if (!IssueRequest.TryParse(utf8, out IssueRequest? request, out Rejection? why))
        {
            throw CommandFault.Usage($"--file '{path}': {why.Message}", "write one request, as an element of tls.json looks");
        }

        RequestKeyFault[] faults = [.. RequestKeyFault.Of(request.Json).Take(MostFaultsTold)];
        return faults.Length == 0
            ? Read(request.Json)
            : throw CommandFault.Usage(
                $"--file '{path}': {string.Join("; ", faults.Select(fault => fault.What))}",
                faults.Select(fault => fault.Hint).FirstOrDefault(hint => hint is not null)
                    ?? "remove it; a key that begins with _ is a remark and no mistake");
    }

    private static JsonObject Read(JsonElement json)
    {
        var request = new JsonObject();
        foreach (JsonProperty member in json.EnumerateObject())
        {
            request[member.Name] = member.Value.ValueKind switch
            {
                JsonValueKind.Object => JsonObject.Create(member.Value),
                JsonValueKind.Array => JsonArray.Create(member.Value),
                JsonValueKind.Null => null,
                _ => JsonValue.Create(member.Value),
            };
        }

        return request;
    }

    /// <summary>Whether a flag is set, in the forms that the CA takes (SPEC 12.2).</summary>
    public static bool IsFlagSet(JsonObject request, string key) =>
        request[key] is JsonValue value && (value.TryGetValue(out bool set) ? set : Text(request, key) == "true");

    /// <summary>The text of a member; null when it is missing or something else.</summary>
    public static string? Text(JsonObject request, string key) =>
        request[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
