using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Server.Tests.Support;

/// <summary>Makes calls of the API, and remembers every answer for the judge of its OpenAPI document.</summary>
public sealed class DescribedCalls(JsonElement document)
{
    private readonly List<(string Operation, string Status, JsonObject Answer)> seen = [];

    /// <summary>Lists the operations: method, path, level.</summary>
    public IEnumerable<(string Method, string Path, string Level)> Operations =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (operation.Name.ToUpperInvariant(), path.Name, operation.Value.GetProperty("x-level").GetString()!);

    /// <summary>Lists what the document says of each operation, and no call came to.</summary>
    public IEnumerable<string> Missing =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        from response in operation.Value.GetProperty("responses").EnumerateObject()
        where response.Name != "default" && !seen.Exists(call => call.Operation == $"{operation.Name.ToUpperInvariant()} {path.Name}" && call.Status == response.Name)
        select $"{operation.Name.ToUpperInvariant()} {path.Name} {response.Name}";

    /// <summary>Says whether a status of an operation is documented by itself.</summary>
    public bool IsDocumented(string method, string path, int status) =>
        document.GetProperty("paths").GetProperty(path).GetProperty(method.ToLowerInvariant()).GetProperty("responses").TryGetProperty($"{status}", out _);

    /// <summary>Makes a call, which must come to a status.</summary>
    public async Task<Reply> CallAsync(
        HttpClient http, int status, string method, string path, string? target = null, string? body = null, string? token = null, params (string, string)[] headers)
    {
        Reply reply = await http.ApiAsync(method, target ?? path, body, token, headers);
        Assert.True(status == reply.Status, $"{method} {target ?? path}: {reply.Status} instead of {status}: {reply.Text}");
        seen.Add(($"{method} {path}", $"{status}", new JsonObject
        {
            ["method"] = method,
            ["path"] = path,
            ["status"] = status,
            ["headers"] = new JsonObject(reply.Headers.Select(header => KeyValuePair.Create(header.Key, (JsonNode?)header.Value))),
            ["body"] = reply.Text,
            ["request"] = body,
        }));
        return reply;
    }

    /// <summary>Returns what the judge says of the document and of all answers: nothing if all is well.</summary>
    public async Task<string[]> FaultsAsync()
    {
        string[] verdicts = await JsonSchemas.JudgeAnswersAsync(document.GetRawText(), seen.Select(call => call.Answer));
        Assert.Equal(seen.Count + 1, verdicts.Length);
        return [.. verdicts.Select((verdict, at) => (verdict, at)).Where(one => one.verdict != "valid")
            .Select(one => one.at == 0 ? $"the document: {one.verdict}" : $"{seen[one.at - 1].Operation} {seen[one.at - 1].Status}: {one.verdict}")];
    }
}
