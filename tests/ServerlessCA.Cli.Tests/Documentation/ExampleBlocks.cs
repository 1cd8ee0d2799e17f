using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ServerlessCA.Cli.Tests.Documentation;

/// <summary>Says how a block of the documentation is checked.</summary>
internal enum Treatment
{
    /// <summary>It is a recorded session, which tests repeat.</summary>
    Session,

    /// <summary>A test runs it, or compares it with what the program writes.</summary>
    Run,

    /// <summary>A schema, or the program that reads such a text, accepts it.</summary>
    Validated,

    /// <summary>Its commands are read one by one, and run nothing.</summary>
    Commands,

    /// <summary>It is a drawing, or text out of a file.</summary>
    Shown,
}

/// <summary>Says which test has to do with a block besides those of this folder. Immutable.</summary>
/// <param name="Page">The page's path; <c>*</c> stands for any name.</param>
/// <param name="Language">The language behind the fence.</param>
/// <param name="Contains">A text of the block; empty: every block of the language.</param>
/// <param name="Treatment">What the test does with it.</param>
/// <param name="Test">The class, somewhere in <c>tests</c>.</param>
internal sealed record ExampleRule(string Page, string Language, string Contains, Treatment Treatment, string Test);

/// <summary>Accounts for every fenced block of the documentation.</summary>
internal static partial class ExampleBlocks
{
    /// <summary>The blocks that a test elsewhere runs or compares.</summary>
    public static readonly IReadOnlyList<ExampleRule> Rules =
    [
        new("README.md", "sh", "alias serverless-ca", Treatment.Run, "ReadmeTests"),
        new("README.md", "sh", "openssl s_server", Treatment.Run, "ReadmeTests"),
        new("docs/api.md", "console", "", Treatment.Run, "ApiPageTests"),
        new("docs/aws/watching.md", "json", "", Treatment.Run, "KeyEventTests"),
        new("docs/notifications.md", "json", "\"type\": \"slack\"", Treatment.Validated, "NotificationPageTests"),
        new("docs/notifications.md", "json", "", Treatment.Run, "NotificationsPageTests"),
        new("docs/notifications.md", "python", "", Treatment.Run, "NotificationPageTests"),
        new("docs/request.md", "sh", "base64 --decode", Treatment.Run, "DecodeTests"),
        new("docs/request.md", "powershell", "", Treatment.Run, "DecodeTests"),
        new("docs/schemas.md", "json", "json.schemas", Treatment.Run, "SandboxTests"),
        new("docs/table.md", "json", "", Treatment.Run, "TableDefinitionsTests"),
        new("examples/pipelines/README.md", "json", "AssumeRoleWithWebIdentity", Treatment.Validated, "SettingsOfOthersTests"),
    ];

    private static readonly HashSet<string> FollowedPages = FollowedIn(Repository.At("tests", "ServerlessCA.HowTo.Tests"));

    /// <summary>The pages that have blocks.</summary>
    public static IReadOnlyList<MarkdownPage> Pages { get; } = [.. MarkdownPage.All.Where(page => page.Blocks.Count > 0)];

    /// <summary>Returns the rule that is meant for a block; null where only the tests of this folder look at it.</summary>
    public static ExampleRule? RuleFor(MarkdownBlock block) => Rules.FirstOrDefault(rule =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(rule.Page, block.Page, ignoreCase: false)
        && rule.Language == block.Language && block.Text.Contains(rule.Contains, StringComparison.Ordinal));

    /// <summary>Says how a block is checked; null: nobody knows, and the test of that fails.</summary>
    public static Treatment? TreatmentOf(MarkdownBlock block) => RuleFor(block)?.Treatment ?? (IsFollowed(block.Page) ? Treatment.Run : OwnTreatmentOf(block));

    private static Treatment? OwnTreatmentOf(MarkdownBlock block) => block.Language switch
    {
        "console" => Treatment.Session,
        "sh" or "bash" => SandboxTests.Runs(block) ? Treatment.Run : Treatment.Commands,
        "json" => SchemaFor(block.Text) is null ? null : Treatment.Validated,
        "hcl" or "yaml" or "toml" => Treatment.Validated,
        "text" => Treatment.Shown,
        _ => null,
    };

    /// <summary>Returns the name of the published schema that a JSON text is meant for, by its keys; null: none.</summary>
    public static string? SchemaFor(string json)
    {
        JsonNode? document = JsonNode.Parse(json);
        JsonObject? first = document as JsonObject ?? (document as JsonArray)?.OfType<JsonObject>().FirstOrDefault();
        string[] names = document is JsonArray ? ["tls", "revoked"] : ["request", "settings"];
        return first is null ? null : names.FirstOrDefault(name => KeysOf(name) is var keys && first.All(member => keys.Contains(member.Key)));
    }

    /// <summary>Says whether a page is a test itself: a shell goes through it, command by command, and writes its files.</summary>
    public static bool IsFollowed(string page) => FollowedPages.Contains(page);

    private static HashSet<string> FollowedIn(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, "*.cs").SelectMany(file => PageName().Matches(File.ReadAllText(file)))
            .Select(page => $"docs/how-to/{page.Groups["name"].Value}.md"),
    ];

    // So a test names the page that it follows, or the page whose test of a table it is.
    [GeneratedRegex("(?:FollowAsync|HowToPage\\.Read|InlineData)\\(\"(?<name>[\\w-]+)\"")]
    private static partial Regex PageName();

    private static HashSet<string> KeysOf(string schema)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllText(Repository.At("schemas", $"{schema}.json")))!;
        return [.. (root["items"] ?? root)["properties"]!.AsObject().Select(property => property.Key)];
    }
}
