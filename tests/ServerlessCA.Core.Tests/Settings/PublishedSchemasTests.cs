using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;
using Xunit;

namespace ServerlessCA.Core.Tests.Settings;

/// <summary>Tests the JSON Schemas of <c>schemas/</c>. UPDATE_GOLDEN=1 writes them anew. ajv judges documents, and the language service
/// of VS Code completes and underlines.</summary>
public sealed class PublishedSchemasTests
{
    private static readonly string[] Remarks = ["$schema", "comment"];

    // Every form that readers take.
    private static readonly (string Schema, string Json)[] Good =
    [
        ("tls", """[{"common_name": "a.example.com", "csr_file": "a.csr", "$schema": "https://ca.example.com/schemas/request.json", "_by": "me", "comment": ["for tests"]}]"""),
        ("tls", """[{"common_name": null, "csr_file": "a.csr", "lifetime": "1_000", "force_issue": "true", "purposes": "server_auth", "sans": {"dns_name": ["a", "b"], "URL": null}}]"""),
        ("tls", """[{"csr_file": "a.csr", "extended_key_usages": ["CODE_SIGNING", "1.3.6.1.4.1.32473.1"], "sans": ["a", {"type": "Ip_Address", "value": ["192.0.2.1"]}]}]"""),
        ("tls", """[{"csr_file": "a.csr", "lifetime": "0_10", "extensions": [{"oid": "2.999.1", "value_b64": "BQA=", "critical": "true"}, {"oid": "1.2.3", "value_b64": "DAFh"}]}]"""),
        ("revoked", """[{"serial_number": "0x1f", "reason": "KEYCOMPROMISE", "unrecorded": " True", "expires": "2030-12-31T23:59:59Z", "comment": "lost"}]"""),
        ("revoked", """[{"common_name": "a", "serial_number": "serial=00:AB:CD"}, {"common_name": "b", "serial_number": 4660}]"""),
        ("settings", """{"$schema": "https://ca.example.com/schemas/settings.json", "notifications": [{"type": "webhook", "url": "https://hook.example.com", "secret_env": "SECRET"}]}"""),
    ];

    // Each would be refused, or ignored with a warning.
    private static readonly (string Schema, string Json)[] Typos =
    [
        ("tls", """[{"common_name": "a.example.com", "csr_fil": "a.csr"}]"""),
        ("tls", """[{"common_name": "a.example.com", "Lifetime": 30}]"""),
        ("tls", """[{"common_name": "a.example.com", "lifetime": "thirty"}]"""),
        ("tls", """[{"common_name": "a.example.com", "lifetime": 1.5}]"""),
        ("tls", """[{"common_name": "a.example.com", "lifetime": 0}]"""),
        ("tls", """[{"common_name": "a.example.com", "lifetime": "0"}]"""),
        ("tls", """[{"common_name": "a.example.com", "lifetime": " +0_0 "}]"""),
        ("tls", """[{"common_name": "a.example.com", "purposes": ["sever_auth"]}]"""),
        ("tls", """[{"common_name": "a.example.com", "extended_key_usages": ["CODE_SIGNIN"]}]"""),
        ("tls", """[{"common_name": "a.example.com", "country": "GBR"}]"""),
        ("tls", """[{"common_name": "a.example.com", "sans": {"DNS_NAMES": "a"}}]"""),
        ("tls", """[{"common_name": "a.example.com", "sans": [{"typ": "URL", "value": "a:b"}]}]"""),
        ("tls", """[{"common_name": "a.example.com", "extensions": [{"oid": "1.2.3", "value": "AA=="}]}]"""),
        ("tls", """[{"common_name": "a.example.com", "extensions": [{"oid": "1.2.03", "value_b64": "BQA="}]}]"""),
        ("tls", """[{"common_name": "a.example.com", "extensions": [{"oid": "nsComment", "value_b64": "BQA="}]}]"""),
        ("tls", """[{"common_name": "a.example.com", "extensions": [{"oid": "1.2.3", "value_b64": ""}]}]"""),
        ("tls", """[{"common_name": "a.example.com", "extensions": [{"oid": "1.2.3", "value_b64": "BQA"}]}]"""),
        ("tls", """[{"common_name": "a.example.com", "extensions": [{"oid": "1.2.3", "value_b64": "BQ A="}]}]"""),
        ("tls", """[{"common_name": "a.example.com", "extensions": [{"oid": "1.2.3", "value_b64": "BQA_"}]}]"""),
        ("tls", """[{"common_name": "a.example.com", "force_issue": "yes"}]"""),
        ("tls", """{"common_name": "a.example.com"}"""),
        ("revoked", """[{"common_name": "a"}]"""),
        ("revoked", """[{"common_name": "a", "serial": "1"}]"""),
        ("revoked", """[{"common_name": "a", "serial_number": "1", "reasn": "superseded"}]"""),
        ("revoked", """[{"common_name": "a", "serial_number": "1", "reason": "lost"}]"""),
        ("revoked", """[{"common_name": "a", "serial_number": "xyz"}]"""),
        ("revoked", """[{"common_name": "a", "serial_number": "1", "expires": "31.12.2030"}]"""),
        ("settings", """{"max_cert_lifetimes": 30}"""),
        ("settings", """{"max_cert_lifetime": 0}"""),
        ("settings", """{"project": "my project"}"""),
        ("settings", """{"root_ca_key_spec": "ECC_P256"}"""),
        ("settings", """{"root_ca_info": {"commonname": "Root"}}"""),
        ("settings", """{"certificate_policies": ["1.02.3"]}"""),
        ("settings", """{"notifications": [{"type": "webhook", "url": "https://hook.example.com", "secret": "s"}]}"""),
        ("settings", """{"_remark": "none are read"}"""),
    ];

    public static TheoryData<string> Names => [.. PublishedSchemas.All.Select(schema => schema.Name)];

    /// <summary>Every list of the examples.</summary>
    public static TheoryData<string> ExampleLists => [.. Directory.EnumerateFiles(Repository.At("examples"), "*.json", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) is "tls.json" or "revoked.json" or "revoked-root-ca.json")
        .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_schema_of_the_repository_is_the_one_that_the_program_writes(string name)
    {
        string file = Repository.At("schemas", $"{name}.json");
        string written = PublishedSchemas.Find(name)!.Write();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, written);
        }

        Assert.Equal(written, File.ReadAllText(file));
    }

    [Fact]
    public void There_is_no_other_schema() => Assert.Equal(
        PublishedSchemas.All.Select(schema => schema.File).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Repository.At("schemas"), "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));

    [Fact]
    public void Requests_and_settings_have_the_keys_that_are_read()
    {
        JsonObject request = Parsed("request");
        JsonObject settings = Parsed("settings");

        Assert.Equal(RequestKeys.All.Concat(Remarks).Order(StringComparer.Ordinal), Keys(request));
        Assert.Equal(Keys(request), Keys(Parsed("tls")["items"]!.AsObject()));
        Assert.Equal(SettingsSchema.OfSettingsFile.Select(setting => setting.Key!).Append("$schema").Order(StringComparer.Ordinal), Keys(settings));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_key_is_described_in_a_sentence(string name)
    {
        JsonObject[] properties = [.. Properties(Parsed(name))];

        Assert.NotEmpty(properties);
        Assert.All(properties, property => Assert.EndsWith(".", property["description"]?.GetValue<string>() ?? $"none: {property.ToJsonString()}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_settings_of_a_new_folder_and_the_defaults_are_valid()
    {
        string[] all = [Settings((setting, json) => setting.WriteNew(json)), Settings((setting, json) => setting.WriteDefault(json)), Settings((_, json) => json.WriteNullValue())];

        Assert.All(await JudgeAsync([.. all.Select(json => ("settings", json))]), judged => Assert.Equal("valid", judged.Verdict));
    }

    [Fact]
    public async Task What_the_readers_take_is_valid() =>
        Assert.All(await JudgeAsync(Good), judged => Assert.True(judged.Verdict == "valid", $"{judged.Json}: {judged.Verdict}"));

    [Fact]
    public async Task A_typo_is_not_valid() =>
        Assert.All(await JudgeAsync(Typos), judged => Assert.False(judged.Verdict == "valid", judged.Json));

    [Fact]
    public async Task An_editor_completes_keys_and_values_of_an_entry_explains_them_and_underlines_a_typo_on_its_line()
    {
        JsonObject[] edited = await JsonSchemas.EditAsync(
            "file:///repository/certs/dev/tls.json",
            [("tls.json", PublishedSchemas.Find("tls")!.Write())],
            "[\n  { \"common_name\": \"a.example.com\", \"li|\" }\n]",
            "[\n  { \"purposes\": [\"|\"] }\n]",
            "[\n  { \"sans\": { \"|\" } }\n]",
            "[{ \"life|time\": 30 }]",
            "[\n  {\n    \"common_name\": \"a\",\n    \"lifetimes\": 30\n  }\n]");

        Assert.Contains("lifetime", Texts(edited[0], "completions"));
        Assert.DoesNotContain("common_name", Texts(edited[0], "completions"));
        Assert.Contains("\"server_auth\"", Texts(edited[1], "completions"));
        Assert.Contains("EMAIL_ADDRESS", Texts(edited[2], "completions"));
        Assert.Contains("in days", edited[3]["hover"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("4: Property lifetimes is not allowed.", Assert.Single(Texts(edited[4], "problems")));
    }

    [Theory]
    [MemberData(nameof(ExampleLists))]
    public async Task An_editor_that_opens_an_example_knows_the_schema_of_its_lists_and_finds_nothing_wrong(string file)
    {
        string list = Repository.At(file);
        string folder = WorkspaceOf(Path.GetDirectoryName(list)!);
        JsonObject settings = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, ".vscode", "settings.json"), TestContext.Current.CancellationToken))!.AsObject();
        (string, string)[] associations = [.. settings["json.schemas"]!.AsArray().SelectMany(one => one!["fileMatch"]!.AsArray()
            .Select(match => (match!.GetValue<string>(), File.ReadAllText(Path.Combine(folder, one["url"]!.GetValue<string>())))))];
        string uri = $"file:///workspace/{Path.GetRelativePath(folder, list).Replace('\\', '/')}";

        JsonObject[] edited = await JsonSchemas.EditAsync(uri, associations, await File.ReadAllTextAsync(list, TestContext.Current.CancellationToken), "[{ \"|\" }]");

        Assert.Empty(Texts(edited[0], "problems"));
        Assert.Contains(Path.GetFileName(list) == "tls.json" ? "csr_file" : "serial_number", Texts(edited[1], "completions"));
    }

    // The folder that somebody opens in the editor: the nearest one above with settings for it.
    private static string WorkspaceOf(string folder) =>
        File.Exists(Path.Combine(folder, ".vscode", "settings.json")) ? folder : WorkspaceOf(Path.GetDirectoryName(folder)!);

    private static async Task<IReadOnlyList<(string Json, string Verdict)>> JudgeAsync(IReadOnlyList<(string Schema, string Json)> documents)
    {
        var judged = new List<(string, string)>();
        foreach (IGrouping<string, string> group in documents.GroupBy(document => document.Schema, document => document.Json))
        {
            judged.AddRange(group.Zip(await JsonSchemas.JudgeAsync(PublishedSchemas.Find(group.Key)!.Write(), group.Select(json => JsonNode.Parse(json)))));
        }

        return judged;
    }

    private static string Settings(Action<Setting, Utf8JsonWriter> write)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            foreach (Setting setting in SettingsSchema.OfSettingsFile)
            {
                json.WritePropertyName(setting.Key!);
                write(setting, json);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static JsonObject Parsed(string name) => JsonNode.Parse(PublishedSchemas.Find(name)!.Write())!.AsObject();

    private static IEnumerable<string> Keys(JsonObject schema) => schema["properties"]!.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal);

    private static IEnumerable<JsonObject> Properties(JsonNode? node) => node switch
    {
        JsonObject found => (found["properties"] is JsonObject properties ? properties.Select(property => property.Value!.AsObject()) : [])
            .Concat(found.SelectMany(member => Properties(member.Value))),
        JsonArray list => list.SelectMany(Properties),
        _ => [],
    };

    private static string[] Texts(JsonObject answer, string key) => [.. answer[key]!.AsArray().Select(text => text!.GetValue<string>())];
}
