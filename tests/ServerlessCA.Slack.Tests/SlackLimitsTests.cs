using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using ServerlessCA.Slack.Tests.Fakes;
using Xunit;

namespace ServerlessCA.Slack.Tests;

/// <summary>Contract 12.17: whatever an event holds, its post is escaped and within Slack's limits.</summary>
public sealed class SlackLimitsTests
{
    [Fact]
    public void No_event_leads_to_a_post_that_Slack_would_refuse() => Gen.Select(HostileJson.Message, HostileJson.Text.Null(), Styles).Sample(
        (message, subject, style) =>
        {
            string json = SlackMessages.Post(subject, message, "c", style);

            string strict = new UTF8Encoding(false, true).GetString(new UTF8Encoding(false, true).GetBytes(json));
            Assert.Empty(BlockKitRules.Problems(JsonNode.Parse(strict)!.AsObject()));
        },
        iter: 3_000);

    [Fact]
    public void The_hostile_events_are_of_every_kind()
    {
        string[] titles = ["Issued", "Request Rejected", "Revoked", "Expiry Warning", "Expired"];
        var kinds = new HashSet<string>([.. titles, "unknown", "cut"]);
        var seen = new HashSet<string>();
        for (int round = 0; round < 30 && !seen.IsSupersetOf(kinds); round++) // some kinds are one of a thousand
        {
            Gen.Select(HostileJson.Message, Gen.OneOf("Certificate Issued", "Certificate Expired")).Sample(
                (message, subject) =>
                {
                    string blocks = JsonNode.Parse(SlackMessages.Post(subject, message, "c", SomeEvents.Style))!["blocks"]!.ToJsonString();
                    lock (seen)
                    {
                        seen.UnionWith(titles.Where(title => blocks.Contains($" Certificate {title}\"", StringComparison.Ordinal)));
                        seen.UnionWith(blocks.Contains("```", StringComparison.Ordinal) || blocks.Contains("\\u0060\\u0060\\u0060", StringComparison.Ordinal) ? ["unknown"] : []);
                        seen.UnionWith(blocks.Contains('…', StringComparison.Ordinal) || blocks.Contains("\\u2026", StringComparison.Ordinal) ? ["cut"] : []);
                    }
                },
                iter: 1_000);
        }

        Assert.Superset(kinds, seen);
    }

    [Fact]
    public void A_text_of_exactly_the_limit_stays_and_a_longer_one_ends_with_an_ellipsis()
    {
        Assert.Equal(new string('x', 150), SlackLimits.Fit(new string('x', 150), 150));
        Assert.Equal(new string('x', 149) + "…", SlackLimits.Fit(new string('x', 151), 150));
    }

    [Theory]
    [InlineData("<<<", 11, "&lt;&lt;…")]
    [InlineData("&&&", 14, "&amp;&amp;…")]
    [InlineData("😀😀", 3, "😀…")]
    [InlineData("a😀b", 2, "a…")]
    [InlineData("&lt;", 99, "&amp;lt;")]
    public void Neither_an_escape_nor_a_character_is_cut_in_two(string text, int limit, string fitted) =>
        Assert.Equal(fitted, SlackLimits.Fit(text, limit));

    [Fact]
    public void A_header_has_at_most_150_characters()
    {
        SlackStyle style = SomeEvents.Style with { GoodEmoji = new string('e', 400) };

        string header = Post("""{"CertificateInfo":{}}""", style)["blocks"]![0]!["text"]!["text"]!.GetValue<string>();

        Assert.Equal(150, header.Length);
        Assert.EndsWith("…", header, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_of_an_entry_are_shown_a_line_each()
    {
        JsonNode post = Post("""{"CertificateInfo":{"CommonName":"a"},"Warnings":["unknown key 'Lifetime' was ignored","sans: 'x' was left out"]}""");

        Assert.Contains(
            "*Warnings:*\n• unknown key 'Lifetime' was ignored\n• sans: 'x' was left out",
            post["blocks"]!.AsArray().Select(block => block!["text"]?["text"]?.GetValue<string>()));
    }

    [Fact]
    public void A_section_has_at_most_3000_characters()
    {
        JsonNode post = Post($$"""{"CSRInfo":{},"Reason":"{{new string('r', 9000)}}","Subject":"{{new string('s', 9000)}}"}""");

        string reason = post["blocks"]![1]!["text"]!["text"]!.GetValue<string>();
        string subject = post["blocks"]![2]!["text"]!["text"]!.GetValue<string>();
        Assert.Equal((3000, 3000), (reason.Length, subject.Length));
        Assert.EndsWith("r…", reason, StringComparison.Ordinal);
        Assert.EndsWith("s…`", subject, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_has_at_most_2000_characters_and_a_section_at_most_10_fields()
    {
        string sans = string.Join(',', Enumerable.Range(0, 500).Select(number => $$"""{"type":"DNS_NAME","value":"host-{{number}}.example.test"}"""));

        JsonArray fields = Post($$"""{"CSRInfo":{"CommonName":"{{new string('c', 5000)}}","SANs":[{{sans}}]},"Reason":"no"}""")["blocks"]![2]!["fields"]!.AsArray();

        Assert.Equal([2000, 2000], fields.Select(field => field!["text"]!.GetValue<string>().Length));
        Assert.InRange(fields.Count, 1, SlackLimits.FieldCount);
    }

    [Fact]
    public void An_unknown_message_shows_at_most_2900_characters_of_code()
    {
        string code = Post($$"""{"data":"{{new string('x', 5000)}}"}""")["blocks"]![0]!["text"]!["text"]!.GetValue<string>();

        Assert.Equal(2900 + 6, code.Length);
    }

    [Fact]
    public void A_message_has_at_most_50_blocks() => HostileJson.Message.Sample(
        message => Post(message)["blocks"]!.AsArray().Count <= SlackLimits.BlockCount, iter: 2_000);

    [Fact]
    public void Our_limits_are_Slacks() => Assert.Equal(
        (150, 3000, 2000, 10, 50, 2900),
        (SlackLimits.Header, SlackLimits.Section, SlackLimits.Field, SlackLimits.FieldCount, SlackLimits.BlockCount, SlackLimits.CodeBlock));

    [Fact]
    public void Names_mention_nobody()
    {
        string blocks = Post("""{"CertificateInfo":{"CommonName":"<!here> @here @Channel, mail@here.example <@U1> & co"}}""")["blocks"]![1]!["fields"]![0]!["text"]!.GetValue<string>();

        Assert.Equal("*Common Name:*\n&lt;!here&gt; @\u2060here @\u2060Channel, mail@here.example &lt;@U1&gt; &amp; co", blocks);
    }

    [Fact]
    public void A_name_cannot_pass_for_another_field()
    {
        string field = Post("""{"CertificateInfo":{"CommonName":"a\n*Serial Number:*\u2028`1`\u202e"}}""")["blocks"]![1]!["fields"]![0]!["text"]!.GetValue<string>();

        Assert.Equal("*Common Name:*\na *Serial Number:* `1` ", field);
    }

    [Fact]
    public void Code_stays_inside_its_backticks()
    {
        JsonNode post = Post("""{"CertificateInfo":{},"Subject":"CN=`x` <!channel>"}""");
        Assert.Equal("*Subject:* `CN='x' &lt;!channel&gt;`", post["blocks"]![1]!["text"]!["text"]!.GetValue<string>());

        Assert.Equal("```a ''' b```", Post("a ``` b")["blocks"]![0]!["text"]!["text"]!.GetValue<string>());
    }

    private static Gen<SlackStyle> Styles => Gen.Select(HostileJson.Text, HostileJson.Text.Null(), HostileJson.Text, HostileJson.Text).Select(
        (project, alias, emoji, name) => new SlackStyle
        {
            Project = project, AccountAlias = alias, GoodEmoji = emoji, BadEmoji = emoji, WarningEmoji = emoji, Username = name,
        });

    private static JsonNode Post(string message, SlackStyle? style = null) =>
        JsonNode.Parse(SlackMessages.Post("Subject", message, "c", style ?? SomeEvents.Style))!;
}
