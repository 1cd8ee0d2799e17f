using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Tests.Settings;

/// <summary>Writes <c>docs/settings.md</c> from the schema.</summary>
internal static class SettingsPage
{
    private const string Head = """
        # Settings

        This page lists every setting of a CA with its names, its allowed values and its default. It is written from
        `src/ServerlessCA.Core/Settings/SettingsSchema.cs`, which the functions, local CAs and the command line use to read settings. A test
        compares the variables of the Terraform module with the schema. After a change of the schema, run:

            dotnet build tests/ServerlessCA.Core.Tests
            UPDATE_GOLDEN=1 tests/ServerlessCA.Core.Tests/bin/Debug/net10.0/ServerlessCA.Core.Tests -class '*.SettingsPageTests'

        A local CA has its settings in `settings.json` of its data folder. On AWS the settings are variables of the Terraform module, which
        turns them into environment variables of the functions. In `settings.json` a key that is absent or `null` has its default, and an
        unknown key is refused. An environment variable that is empty counts as absent; numbers are written in digits, lists and objects as
        JSON. Bounds are included. If a value is not valid, the function does not start or the command ends; the error has the name of the
        setting and says which values are allowed.

        """;

    private const string Together = """
        ## Settings that depend on each other

        - `public_crl` needs `hosted_zone_domain`.
        - `root_crl_days` and `root_crl_seconds` must not both be 0, and neither must those of the issuing CA. On AWS a CRL must live at least
          twice as long as the time between two of them ([crl.md](crl.md)).
        - `key_passphrase_env` and `key_passphrase_file` exclude each other.
        - A `lifetime` of 0 days in `root_ca_info` or `issuing_ca_info` means the default; for the Terraform module leave it out. The subject
          of a new CA is checked when the CA is created ([functions.md](functions.md)).

        """;

    /// <summary>The whole page.</summary>
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
        Table(page, "## Only for local CAs", ["setting", "value", "default", "meaning"], local,
            setting => [Code(setting.Key), Value(setting), Default(setting), setting.Meaning]);
        Table(page, "## Only for the functions\n\nIf no variable of the module is given, the module sets the value itself or leaves it unset.",
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

    /// <summary>What a setting writes.</summary>
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
