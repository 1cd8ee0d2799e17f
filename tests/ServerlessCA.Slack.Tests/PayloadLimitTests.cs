using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using ServerlessCA.Core.Notifications;
using Xunit;

namespace ServerlessCA.Slack.Tests;

public sealed class PayloadLimitTests
{
    private const int Most = PayloadLimit.TopicBytes - PayloadLimit.EnvelopeBytes;

    [Fact]
    public void The_five_messages_stay_as_they_are() =>
        Assert.All(SomeEvents.All, notification => Assert.Same(notification.Json, PayloadLimit.Fit(notification.Json)));

    [Fact]
    public void A_payload_of_exactly_the_limit_stays_byte_for_byte()
    {
        string json = Sized("Base64CSR", Most);

        Assert.Equal(Most, Encoding.UTF8.GetByteCount(AsTopicMessage(json)) - 2); // without the quotes around
        Assert.Same(json, PayloadLimit.Fit(json));
    }

    [Fact]
    public void One_byte_more_and_the_CSR_is_left_out_with_a_note()
    {
        JsonNode fitted = JsonNode.Parse(PayloadLimit.Fit(Sized("Base64CSR", Most + 1)))!;

        Assert.Equal("", fitted["Base64CSR"]!.GetValue<string>());
        Assert.Equal("no", fitted["Reason"]!.GetValue<string>());
        Assert.Equal(
            "Shortened from 253953 bytes to fit a topic: Base64CSR left out. The certificate is in the CA's table under its "
            + "CommonName and SerialNumber; the CSR is with whoever handed it in.",
            fitted["Note"]!.GetValue<string>());
    }

    [Fact]
    public void The_limit_counts_bytes_and_not_characters()
    {
        string json = $$"""{"Base64Certificate":"{{new string('A', 100_000)}}","Subject":"{{new string('é', 100_000)}}"}""";

        JsonNode fitted = JsonNode.Parse(PayloadLimit.Fit(json))!;

        Assert.Equal("", fitted["Base64Certificate"]!.GetValue<string>());
        Assert.Equal(100_000, fitted["Subject"]!.GetValue<string>().Length);
    }

    [Fact]
    public void What_identifies_the_certificate_stays_when_texts_and_lists_are_cut_too()
    {
        string sans = string.Join(',', Enumerable.Repeat("""{"type":"DNS_NAME","value":"www.example.test"}""", 20_000));
        string json = $$"""{"CSRInfo":{"CommonName":"www.example.test","Lifetime":30,"SANs":[{{sans}}]},"Base64CSR":"LS0t","Reason":"{{new string('r', 300_000)}}"}""";

        JsonNode fitted = JsonNode.Parse(PayloadLimit.Fit(json))!;

        Assert.Equal("www.example.test", fitted["CSRInfo"]!["CommonName"]!.GetValue<string>());
        Assert.Equal(30, fitted["CSRInfo"]!["Lifetime"]!.GetValue<int>());
        Assert.Equal(1000, fitted["CSRInfo"]!["SANs"]!.AsArray().Count);
        Assert.Equal(4096, fitted["Reason"]!.GetValue<string>().Length);
        Assert.Contains(
            "Base64CSR left out, texts cut to 4096 characters, lists to 1000 elements.", fitted["Note"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('"')]
    [InlineData('[')]
    [InlineData('x')]
    public void What_cannot_be_shortened_becomes_a_note(char start)
    {
        string json = start + new string('a', 300_000);

        JsonObject fitted = JsonNode.Parse(PayloadLimit.Fit(json))!.AsObject();

        Assert.StartsWith("A payload of 30000", Assert.Single(fitted).Value!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_payload_the_result_fits_and_says_so() => Gen.Select(HostileJson.Message, Gen.Int[1024, 20_000]).Sample(
        (json, most) =>
        {
            string fitted = PayloadLimit.Fit(json, most);

            if (PayloadLimit.Size(json) <= most)
            {
                Assert.Same(json, fitted);
                return;
            }

            Assert.InRange(Encoding.UTF8.GetByteCount(AsTopicMessage(fitted)) - 2, 1, most);
            using var document = JsonDocument.Parse(fitted);
            Assert.Single(document.RootElement.EnumerateObject(), member => member.Name == "Note");
        },
        iter: 2_000);

    [Fact]
    public void A_limit_without_room_for_the_note_is_a_mistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PayloadLimit.Fit("{}", 1023));

    private static string Sized(string member, int bytes)
    {
        string frame = $$"""{"{{member}}":"","Reason":"no"}""";
        return $$"""{"{{member}}":"{{new string('A', bytes - frame.Length - frame.Count(letter => letter == '"'))}}","Reason":"no"}""";
    }

    // As the topic's adapter wraps it: a JSON string with no more escapes than needed.
    private static string AsTopicMessage(string json) => $"\"{JsonEncodedText.Encode(json, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
