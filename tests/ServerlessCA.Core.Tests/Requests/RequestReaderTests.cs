using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

/// <summary>The answer to any input is one JSON object, never an exception.</summary>
public sealed class HostileRequestTests
{
    private static readonly string[] Keys =
    [
        "common_name", "country", "state", "locality", "organization", "organizational_unit", "email_address", "lifetime",
        "purposes", "extended_key_usages", "sans", "extensions", "csr_file", "base64_csr_data", "force_issue", "cert_bundle",
        "ca_chain_only", "notify_expiry", "notify_issued", "idempotency_token", "unknown",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "a", "true", "false", "-1", "1e9", "example.com", "*.example.com", "a\u0000b", "ü", "\ud83d\ude00", "../../etc/passwd",
        "DNS_NAME", "1.3.6.1", "2.5.29.17", "AAAA", "client_auth", "CODE_SIGNING", "\u202e", new('x', 5000), "CN=a,O=b", "fe80::1%lo",
    ];

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("{\"common_name\":\"a\"} {}")]
    [InlineData("{\"common_name\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"common_name\":1e999999999}")]
    [InlineData("{\"lifetime\":-0.0,\"common_name\":\"a\"}")]
    public async Task What_is_no_request_is_refused(string text)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        IssueOutcome outcome = await new IssueCertificate(authority.Deployment).RunAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None);

        AssertError(outcome);
        Assert.Equal(["Certificate Request Rejected"], authority.Told);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_refused()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        byte[] request = [.. "{\"common_name\":\""u8, 0xFF, 0xC0, .. "\"}"u8];

        AssertError(await new IssueCertificate(authority.Deployment).RunAsync(request, CancellationToken.None));
    }

    [Fact]
    public async Task Deep_nesting_and_huge_requests_are_refused()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string deep = $"{{\"sans\":{new string('[', 100_000)}";
        string huge = $"{{\"common_name\":\"{new string('x', RequestReader.MaxBytes)}\"}}";

        foreach (string text in (string[])[deep, huge])
        {
            AssertError(await new IssueCertificate(authority.Deployment).RunAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None));
        }
    }

    [Theory]
    [InlineData('1')]
    [InlineData('0')]
    [InlineData('_')]
    [InlineData(' ')]
    public async Task A_lifetime_of_thousands_of_characters_is_refused(char character)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string request = $$"""{"common_name":"a","lifetime":"{{new string(character, 5000)}}"}""";

        IssueOutcome outcome = await new IssueCertificate(authority.Deployment).RunAsync(Encoding.UTF8.GetBytes(request), CancellationToken.None);

        AssertError(outcome);
        Assert.Contains("lifetime", outcome.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Random_requests_are_answered_and_what_is_issued_is_stored()
    {
        TestAuthority authority = await TestAuthority.CreateAsync(settings =>
            settings with { CustomExtensionAllowlist = ["1.3.6.1", "2.5.29.17"] });
        authority.Internal.With("csrs/a", SomeRequests.Csr());

        await RequestGen.SampleAsync(async request =>
        {
            int before = authority.Issued.Count();
            IssueOutcome outcome = await authority.IssueAsync(request);

            using JsonDocument answer = JsonDocument.Parse(outcome.Json);
            Assert.Equal(JsonValueKind.Object, answer.RootElement.ValueKind);
            Assert.Equal(outcome is IssueOutcome.Issued { Repeated: false } ? before + 1 : before, authority.Issued.Count());
        }, iter: 1500, threads: 1);
    }

    private static Gen<JsonNode?> Scalar => Gen.OneOf(
        Any(Texts).Select(text => (JsonNode?)JsonValue.Create(text)),
        Gen.Int[-3, 400].Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Double.Where(double.IsFinite).Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)),
        Gen.Const((JsonNode?)null));

    private static Gen<JsonNode?> List => Scalar.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]));

    private static Gen<JsonNode?> Map => Gen.Select(Any("type", "value", "oid", "value_b64", "critical", "DNS_NAME", "IP_ADDRESS", "URL", "DN"), Gen.OneOf(Scalar, List))
        .Array[0, 4].Select(members => (JsonNode?)ObjectOf(members));

    private static Gen<JsonNode?> Value => Gen.OneOf(
        Scalar, List, Map, Map.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])));

    private static Gen<JsonNode?> RequestGen => Gen.Select(Gen.Select(Any(Keys), Value).Array[0, 8], Gen.Bool)
        .Select((members, sane) =>
        {
            JsonObject request = ObjectOf(members);
            if (sane)
            {
                request["common_name"] = "client.example.test";
                request["base64_csr_data"] = SomeRequests.Base64(SomeRequests.Csr());
                request.Remove("csr_file");
            }

            return (JsonNode?)request;
        });

    private static Gen<string> Any(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static JsonObject ObjectOf(IEnumerable<(string Name, JsonNode? Value)> members)
    {
        var made = new JsonObject();
        foreach ((string name, JsonNode? value) in members)
        {
            made[name] = value?.DeepClone();
        }

        return made;
    }

    private static void AssertError(IssueOutcome outcome)
    {
        var refused = Assert.IsType<IssueOutcome.Refused>(outcome);
        Assert.False(string.IsNullOrWhiteSpace(JsonNode.Parse(refused.Json)!["error"]!.GetValue<string>()));
        Assert.True(refused.Json.Length < 2000, "an answer repeats too much of its request");
    }
}
