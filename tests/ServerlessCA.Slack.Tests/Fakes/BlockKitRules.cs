using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ServerlessCA.Slack.Tests.Fakes;

/// <summary>Checks Block Kit's rules as Slack's reference has them (docs.slack.dev, Block Kit: header, section, context,
/// divider, text object), without our constants. It counts lengths in UTF-16 units, the stricter way.</summary>
public static partial class BlockKitRules
{
    public static IEnumerable<string> Problems(JsonObject post)
    {
        if (post["text"] is { } text)
        {
            foreach (string problem in Markup("text", text.GetValue<string>()))
            {
                yield return problem;
            }
        }

        JsonArray blocks = post["blocks"]!.AsArray();
        if (blocks.Count is 0 or > 50)
        {
            yield return $"{blocks.Count} blocks";
        }

        foreach (string problem in blocks.SelectMany(block => OfBlock(block!.AsObject())))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> OfBlock(JsonObject block) => block["type"]!.GetValue<string>() switch
    {
        "header" => Text(block["text"], "header", "plain_text", 150),
        "divider" => block.Count == 1 ? [] : ["divider with more than a type"],
        "section" => Section(block),
        "context" => Texts(block["elements"]!.AsArray(), "context", 10, 3000),
        var type => [$"unknown block {type}"],
    };

    private static IEnumerable<string> Section(JsonObject block)
    {
        bool hasText = block.ContainsKey("text");
        bool hasFields = block.ContainsKey("fields");
        return !hasText && !hasFields ? ["empty section"]
            : (hasText ? Text(block["text"], "section", "mrkdwn", 3000) : [])
                .Concat(hasFields ? Texts(block["fields"]!.AsArray(), "fields", 10, 2000) : []);
    }

    private static IEnumerable<string> Texts(JsonArray texts, string where, int most, int length) =>
        texts.Count == 0 || texts.Count > most
            ? [$"{where}: {texts.Count} elements"]
            : texts.SelectMany(text => Text(text, where, "mrkdwn", length));

    private static IEnumerable<string> Text(JsonNode? json, string where, string type, int length)
    {
        JsonObject text = json!.AsObject();
        string value = text["text"]!.GetValue<string>();
        if (text["type"]!.GetValue<string>() != type)
        {
            yield return $"{where}: not {type}";
        }

        if (value.Length == 0 || value.Length > length)
        {
            yield return $"{where}: {value.Length} characters";
        }

        foreach (string problem in Markup(where, value))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Markup(string where, string text)
    {
        if (text.Contains('<', StringComparison.Ordinal) || text.Contains('>', StringComparison.Ordinal) || BareAmpersand().IsMatch(text))
        {
            yield return $"{where}: unescaped markup";
        }

        if (Mention().IsMatch(text))
        {
            yield return $"{where}: mention";
        }
    }

    [GeneratedRegex("&(?!amp;|lt;|gt;)")]
    private static partial Regex BareAmpersand();

    [GeneratedRegex(@"(?<![\p{L}\p{Nd}])@(?:here|channel|everyone)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Mention();
}
