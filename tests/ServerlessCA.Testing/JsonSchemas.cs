using System.Text.Json.Nodes;
using Xunit;

namespace ServerlessCA.Testing;

/// <summary>Asks programs from npm about JSON Schemas: ajv validates, the language service of VS Code edits. Tests are skipped where
/// <c>npm ci</c> has not run.</summary>
public static class JsonSchemas
{
    /// <summary>Returns, for each document, <c>valid</c> or what is wrong with it.</summary>
    /// <param name="schema">The schema's text.</param>
    /// <param name="documents">JSON, document by document.</param>
    public static async Task<string[]> JudgeAsync(string schema, IEnumerable<JsonNode?> documents)
    {
        JsonArray asked = [.. documents.Select(document => document?.DeepClone())];
        var question = new JsonObject { ["schema"] = JsonNode.Parse(schema), ["documents"] = asked };
        string[] verdicts = (await AskAsync("schema.mjs", "ajv", question)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(verdicts.Length == asked.Count, $"{verdicts.Length} verdicts on {asked.Count} documents: {string.Join("; ", verdicts)}");
        return verdicts;
    }

    /// <summary>Edits a file as VS Code would.</summary>
    /// <param name="uri">The file.</param>
    /// <param name="associations">For each schema the pattern of files that it is for, and its text.</param>
    /// <param name="texts">What the file holds, one after the other, with a <c>|</c> where the cursor is, or none.</param>
    /// <returns>For each text <c>completions</c>, <c>hover</c> and <c>problems</c>.</returns>
    public static async Task<JsonObject[]> EditAsync(string uri, IReadOnlyList<(string FileMatch, string Schema)> associations, params string[] texts)
    {
        var question = new JsonObject
        {
            ["texts"] = new JsonArray([.. texts.Select(text => (JsonNode)text)]),
            ["uri"] = uri,
            ["associations"] = new JsonArray([.. associations.Select((one, index) => new JsonObject
            {
                ["uri"] = $"schema:/{index}.json", ["fileMatch"] = new JsonArray(one.FileMatch), ["schema"] = JsonNode.Parse(one.Schema),
            })]),
        };
        return [.. JsonNode.Parse(await AskAsync("editor.mjs", "vscode-json-languageservice", question))!.AsArray().Select(answer => answer!.AsObject())];
    }

    /// <summary>Judges an OpenAPI document, and answers of a server by it.</summary>
    /// <param name="document">The document's text.</param>
    /// <param name="answers">What <c>openapi.mjs</c> reads of each answer.</param>
    /// <returns>For the document, then for each answer, <c>valid</c> or what is wrong with it.</returns>
    public static async Task<string[]> JudgeAnswersAsync(string document, IEnumerable<JsonObject> answers)
    {
        var question = new JsonObject { ["document"] = JsonNode.Parse(document), ["answers"] = new JsonArray([.. answers]) };
        return (await AskAsync("openapi.mjs", "@seriousme/openapi-schema-validator", question)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Task<string> AskAsync(string program, string package, JsonObject question)
    {
        Assert.SkipUnless(Directory.Exists(Repository.At("tests", "judges", "node_modules", package)), "npm ci --prefix tests/judges has not run");
        return ForeignProgram.OutputAsync("node", [Repository.At("tests", "judges", program)], question.ToJsonString());
    }
}
