using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;
using Xunit;

namespace ServerlessCA.Core.Tests.Settings;

/// <summary>Tests <c>docs/settings.md</c>. UPDATE_GOLDEN=1 writes it anew.</summary>
public sealed class SettingsPageTests
{
    [Fact]
    public void The_page_of_settings_is_written_from_the_schema()
    {
        string file = TablePage.At("docs", "settings.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, SettingsPage.Write());
        }

        Assert.Equal(SettingsPage.Write(), File.ReadAllText(file));
    }
}

/// <summary>Writes <c>docs/settings.md</c> from the schema.</summary>
internal static class SettingsPage
{
    private const string Head = """
        # Settings

        Every setting of a CA: what it is called where, what it may be, and what it is if nobody sets it. This page is written from
        `src/ServerlessCA.Core/Settings/SettingsSchema.cs`, by which the functions, local CAs and the command line read, and a test
        compares the variables of the Terraform module with it. After a change there:

            dotnet build tests/ServerlessCA.Core.Tests
            UPDATE_GOLDEN=1 tests/ServerlessCA.Core.Tests/bin/Debug/net10.0/ServerlessCA.Core.Tests -class '*.SettingsPageTests'

        A local CA has its settings in `settings.json` of its data folder, on AWS they are variables of the Terraform module, which makes
        of them environment variables of the functions. In `settings.json` a key that is absent or `null` has its default, and a key
        that is none of these is refused. An environment variable that is empty counts as absent; numbers stand there in digits,
        lists and objects as JSON. Bounds are included. A value that does not do is refused with its name and what would do: a
        function does not start, a command ends.

        """;

    private const string Together = """
        ## What goes together

        - `public_crl` needs `hosted_zone_domain`.
        - `root_crl_days` and `root_crl_seconds` are not both 0, and so it is with the issuing CA's. On AWS a CRL lives at least twice as
          long as passes between two of them ([crl.md](crl.md)).
        - `key_passphrase_env` and `key_passphrase_file` exclude each other.
        - A `lifetime` of 0 days in `root_ca_info` or `issuing_ca_info` is the default, as it always was; the Terraform module wants it
          left out. What a new CA may be called is looked at when it is created ([functions.md](functions.md)).

        """;

    /// <summary>Writes the whole page.</summary>
    public static string Write()
    {
        var page = new StringBuilder(Head).Append('\n');
        Setting[] shared = [.. SettingsSchema.All.Where(setting => setting.Key is not null && setting.TerraformVariable is not null)];
        Setting[] local = [.. SettingsSchema.OfSettingsFile.Except(shared)];
        Setting[] functions = [.. SettingsSchema.All.Where(setting => setting.Key is null)];
        Table(page, "## Everywhere\n\nThe key of `settings.json` and the variable of the module have the same name.",
            ["setting", "variable of the functions", "value", "default", "meaning"], shared,
            setting => [Code(setting.Key), Code(setting.Variable), Value(setting), Default(setting), setting.Meaning]);
        page.Append(Together).Append('\n');
        Table(page, "## Of local CAs alone", ["setting", "value", "default", "meaning"], local,
            setting => [Code(setting.Key), Value(setting), Default(setting), setting.Meaning]);
        Table(page, "## Of the functions alone\n\nWhere no variable of the module stands, the module knows the value itself, or nobody sets it there.",
            ["variable", "variable of the module", "value", "default", "meaning"], functions,
            setting => [Code(setting.Variable), InModule(setting), Value(setting), Default(setting), setting.Meaning]);
        page.Append("## What each function reads\n\n| function | does not start without | reads, if it is set |\n| --- | --- | --- |\n");
        foreach (Operation operation in Operation.All)
        {
            Setting[] read = [.. SettingsSchema.All.Where(setting => setting.ReadBy.Contains(operation.Function))];
            page.Append($"| `{operation.Name}` | {Names(read.Where(setting => setting.IsNeeded))} | {Names(read.Where(setting => !setting.IsNeeded))} |\n");
        }

        return page.ToString();
    }

    private static void Table(StringBuilder page, string head, string[] columns, Setting[] settings, Func<Setting, string[]> row)
    {
        page.Append(head).Append("\n\n").Append($"| {string.Join(" | ", columns)} |\n|{string.Concat(columns.Select(_ => " --- |"))}\n");
        foreach (Setting setting in settings)
        {
            page.Append($"| {string.Join(" | ", row(setting).Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");
        }

        page.Append('\n');
    }

    private static string Names(IEnumerable<Setting> settings) => string.Join(", ", settings.Select(setting => Code(setting.Variable)).Distinct());

    private static string Code(string? text) => text is null ? "" : $"`{text}`";

    private static string Value(Setting setting) => setting.Unit is { } unit && setting.Bounds is not null ? $"{setting.Kind}, {unit}" : setting.Kind;

    private static string InModule(Setting setting) => setting.TerraformVariable is not { } name ? ""
        : setting.TerraformType.StartsWith("list", StringComparison.Ordinal) ? $"`{name}`, a list"
        : Code(name);

    private static string Default(Setting setting)
    {
        string ours = Short(JsonOf(setting.WriteDefault));
        string fresh = Short(JsonOf(setting.WriteNew));
        string text = setting.Key is not null && fresh != ours ? $"{Shown(ours)}; in a new data folder {Shown(fresh)}" : Shown(ours);
        return setting is { Key: not null, TerraformDefault: { } module } ? $"{text}; in the module {Shown(Short(module))}" : text;
    }

    private static string Shown(string json) => json is "\"\"" or "null" ? "none" : Code(json);

    // Without what is null.
    private static string Short(string json)
    {
        JsonNode? node = JsonNode.Parse(json);
        foreach (string empty in node is JsonObject members ? members.Where(member => member.Value is null).Select(member => member.Key).ToArray() : [])
        {
            node!.AsObject().Remove(empty);
        }

        return (node?.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) ?? "null").Replace(",", ", ", StringComparison.Ordinal);
    }

    /// <summary>Returns what a setting writes.</summary>
    public static string JsonOf(Action<Utf8JsonWriter> write)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }
}
