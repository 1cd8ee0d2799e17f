using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Initializing;

/// <summary>Holds and reads the options of <c>init</c>: one for each setting of <c>settings.json</c>, by the schema, and shorter ones for
/// the subjects.</summary>
internal sealed class InitOptions
{
    private readonly (Setting Setting, Option<string?> Option)[] settings =
        [.. SettingsSchema.OfSettingsFile.Select(setting => (setting, new Option<string?>(NameOf(setting)) { HelpName = HelpNameOf(setting), Description = setting.Meaning.TrimEnd('.') }))];

    private readonly Option<string?> rootSubject = SubjectOption("--root-ca-subject", "root CA");

    private readonly Option<string?> issuingSubject = SubjectOption("--issuing-ca-subject", "issuing CA");

    /// <summary>The options of what is asked for on a terminal.</summary>
    public IReadOnlyList<Option> Asked => [.. settings.Where(one => IsAsked(one.Setting) && !IsSubject(one.Setting)).Select(one => one.Option), rootSubject, issuingSubject];

    /// <summary>The options of all other settings.</summary>
    public IReadOnlyList<Option> Others => [.. settings.Where(one => !IsAsked(one.Setting) || IsSubject(one.Setting)).Select(one => one.Option)];

    /// <summary>Reads the options that were given.</summary>
    /// <exception cref="CommandFault">A value has a wrong form, or two options give one setting.</exception>
    public IReadOnlyList<FirstUseChoice> Read(ParseResult parsed)
    {
        var choices = new List<FirstUseChoice>();
        foreach ((Setting setting, Option<string?> option) in settings)
        {
            if (parsed.GetValue(option) is { } text)
            {
                choices.Add(new FirstUseChoice(setting, option.Name, text) { Json = ValueOf(setting, text) });
            }
        }

        AddSubject(choices, parsed, rootSubject, SettingsSchema.RootCaInfo);
        AddSubject(choices, parsed, issuingSubject, SettingsSchema.IssuingCaInfo);
        return choices;
    }

    private static void AddSubject(List<FirstUseChoice> choices, ParseResult parsed, Option<string?> option, Setting<CaInfo> setting)
    {
        if (parsed.GetValue(option) is not { } text)
        {
            return;
        }

        if (choices.Find(choice => choice.Setting == setting) is { } other)
        {
            throw CommandFault.Usage($"{option.Name} and {other.Option} are both given", "give one of them");
        }

        (JsonNode? value, string? why) = InitQuestions.ReadSubject(text, setting);
        choices.Add(new FirstUseChoice(setting, option.Name, text)
        {
            Json = value ?? throw CommandFault.Usage($"{option.Name} {why}", "write it as CN=Acme Root CA,O=Acme,C=GB"),
        });
    }

    private static Option<string?> SubjectOption(string name, string what) => new(name)
    {
        HelpName = "DN",
        Description = $"Subject of the {what}, such as \"CN=Acme CA,O=Acme,C=GB\", or a common name alone",
    };

    // A text stays a text, also one like 17; everything else is JSON, and what is no JSON is for the schema to refuse.
    private static JsonNode? ValueOf(Setting setting, string text)
    {
        if (setting.TerraformType == "string")
        {
            return JsonValue.Create(text);
        }

        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static bool IsAsked(Setting setting) => InitQuestions.All.Any(question => question.Setting == setting);

    private static bool IsSubject(Setting setting) => setting == SettingsSchema.RootCaInfo || setting == SettingsSchema.IssuingCaInfo;

    private static string NameOf(Setting setting) => $"--{setting.Key!.Replace('_', '-')}";

    private static string HelpNameOf(Setting setting) => setting.TerraformType switch
    {
        "number" => "NUMBER",
        "bool" => "true|false",
        "string" => "TEXT",
        _ => "JSON",
    };
}
