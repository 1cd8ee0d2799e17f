using System.Text.Json.Nodes;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Tests.Documentation;

/// <summary>Compares the fields that <c>docs/request.md</c> lists with the schema of requests and the options of <c>request</c>.
/// UPDATE_GOLDEN=1 writes the list anew.</summary>
public sealed class RequestFieldsTests
{
    private const string Begin = "| field | value | by default | option of `request` | meaning |\n| --- | --- | --- | --- | --- |\n";

    // The options that do not have the name of their field.
    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.Ordinal)
    {
        [RequestKeys.Purposes] = "--purpose",
        [RequestKeys.Sans] = "--san",
        [RequestKeys.ExtendedKeyUsages] = "--eku",
        [RequestKeys.Extensions] = "--extension",
        [RequestKeys.CsrFile] = "--csr",
        [RequestKeys.Base64CsrData] = "--csr",
    };

    [Fact]
    public void The_page_lists_every_field_of_the_schema_with_its_option()
    {
        string file = Repository.At("docs", "request.md");
        string page = File.ReadAllText(file);
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf("\n\n", begin, StringComparison.Ordinal) + 1;
        string made = $"{page[..begin]}{string.Concat(RequestKeys.All.Select(Row))}{page[end..]}";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, made);
        }

        Assert.Equal(made, File.ReadAllText(file));
    }

    [Fact]
    public void Every_field_but_that_for_the_chain_alone_has_an_option()
    {
        HashSet<string> options = [.. CommandsPage.Commands.Single(command => command.Name == "request").Options.Select(option => option.Name)];

        Assert.Equal([RequestKeys.CaChainOnly], RequestKeys.All.Where(key => !options.Contains(OptionOf(key))));
    }

    private static string Row(string key)
    {
        JsonObject field = JsonNode.Parse(RequestSchema.OfRequest())!["properties"]![key]!.AsObject();
        string option = key == RequestKeys.CaChainOnly ? "(the command `chain`)" : $"`{OptionOf(key)}`";
        return $"| `{key}` | {ValueOf(field)} | {(field["default"] is { } value ? $"`{value.ToJsonString()}`" : "")} | {option} | {field["description"]} |\n";
    }

    private static string OptionOf(string key) => OtherNames.GetValueOrDefault(key) ?? $"--{key.Replace('_', '-')}";

    private static string ValueOf(JsonObject field)
    {
        string[] types = field["type"] is JsonArray list ? [.. list.Select(type => type!.GetValue<string>())] : [];
        if (types.Contains("integer"))
        {
            return $"whole number from {field["minimum"]}";
        }

        if (types.Contains("boolean"))
        {
            return "true or false";
        }

        if (types.Contains("string"))
        {
            return field["maxLength"] is { } length ? $"text of at most {length} characters" : "two letters";
        }

        JsonObject array = field["anyOf"]!.AsArray().Select(one => one!.AsObject()).First(one => one.ContainsKey("items"));
        JsonNode element = array["items"]!;
        string[] words = [.. (element["enum"] ?? element["anyOf"]?.AsArray().Select(one => one!["enum"]).FirstOrDefault(found => found is not null))
            ?.AsArray().Select(word => $"`{word}`") ?? []];
        string most = array["maxItems"] is { } limit ? $", at most {limit}" : "";
        return words.Length > 0 ? $"a word or a list{most}: {string.Join(", ", words)}" : $"a list{most}; see below";
    }
}
