using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Tests.Issuance;
using ServerlessCA.Core.Tests.Keys;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

/// <summary>Every ignored part of a request is reported (contract 12.24).</summary>
public sealed class IgnoredPartsTests
{
    [Theory]
    [InlineData("\"sans \": [\"a.example.test\"]", "unknown key 'sans ' was ignored: did you mean 'sans'?")]
    [InlineData("\"purpose\": [\"server_auth\"]", "unknown key 'purpose' was ignored: did you mean 'purposes'?")]
    [InlineData("\"Lifetime\": 90", "unknown key 'Lifetime' was ignored: did you mean 'lifetime'?")]
    [InlineData("\"commonName\": \"x\"", "unknown key 'commonName' was ignored: did you mean 'common_name'?")]
    [InlineData("\"organisation\": \"x\"", "unknown key 'organisation' was ignored: did you mean 'organization'?")]
    [InlineData("\"ticket\": 4711", "unknown key 'ticket' was ignored")]
    [InlineData("\"ticket\": null", "unknown key 'ticket' was ignored")]
    [InlineData("\"lifetime\": 90, \"lifetime\": 10", "key 'lifetime' is given more than once: the last one counts")]
    [InlineData("\"lifetime\": 1, \"lifetime\": 2, \"lifetime\": 10", "key 'lifetime' is given more than once: the last one counts")]
    [InlineData("\"extensions\": [{\"oid\": \"1.3.6.1.4.1.55555.1\", \"value_b64\": \"BQA=\", \"Critical\": true}]", "extensions: unknown key 'Critical' was ignored: did you mean 'critical'?")]
    [InlineData("\"extensions\": [{\"oid\": \"1.3\", \"oid\": \"1.3.6.1.4.1.55555.1\", \"value_b64\": \"BQA=\"}]", "extensions: key 'oid' is given more than once: the last one counts")]
    [InlineData("\"sans\": [{\"typ\": \"IP_ADDRESS\", \"value\": \"a.example.test\"}]", "sans: unknown key 'typ' was ignored: did you mean 'type'?")]
    [InlineData("\"sans\": {\"type\": \"DNS_NAME\", \"value\": \"a.example.test\", \"note\": 1}", "sans: unknown key 'note' was ignored")]
    [InlineData("\"sans\": {\"DNS_NAME\": \"b.example.test\", \"DNS_NAME\": \"a.example.test\"}", "sans: key 'DNS_NAME' is given more than once: the last one counts")]
    public async Task A_key_that_has_no_effect_is_reported(string members, string expected)
    {
        TestAuthority authority = await TestAuthority.CreateAsync(settings => settings with { CustomExtensionAllowlist = ["1.3.6.1.4.1.55555.1"] });

        IssueOutcome.Issued issued = await IssueAsync(authority, members);

        Assert.Equal([expected], issued.Warnings);
        Assert.Equal([expected], Texts(JsonNode.Parse(issued.Json)!["Warnings"]));
    }

    [Theory]
    [InlineData("\"$schema\": \"https://example.test/tls.schema.json\"")]
    [InlineData("\"_owner\": \"team a\", \"_owner\": \"team b\"")]
    [InlineData("\"comment\": \"until 2031\"")]
    [InlineData("\"sans\": [{\"comment\": \"the old name\", \"value\": \"a.example.test\"}]")]
    [InlineData("\"sans\": {\"comment\": \"the old name\", \"_why\": [\"x\"], \"DNS_NAME\": \"a.example.test\"}")]
    public async Task Remarks_are_no_mistake(string members)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        Assert.Empty((await IssueAsync(authority, members)).Warnings);
    }

    [Fact]
    public async Task Of_a_map_the_last_of_equal_keys_counts_as_it_does_everywhere()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        IssueOutcome.Issued issued = await IssueAsync(authority, "\"sans\": {\"DNS_NAME\": \"b.example.test\", \"DNS_NAME\": \"a.example.test\"}");

        string text = Encoding.ASCII.GetString(authority.CertificateOf(issued.Record).Find("2.5.29.17")!.Value.Span);
        Assert.Contains("a.example.test", text, StringComparison.Ordinal);
        Assert.DoesNotContain("b.example.test", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beyond_a_hundred_warnings_are_counted()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string keys = string.Join(", ", Enumerable.Range(0, 250).Select(number => $"\"key{number}\": 0"));

        IssueOutcome.Issued issued = await IssueAsync(authority, keys);

        Assert.Equal(101, issued.Warnings.Count);
        Assert.Equal("unknown key 'key99' was ignored", issued.Warnings[99]);
        Assert.Equal("and 150 more", issued.Warnings[100]);
    }

    [Fact]
    public async Task Keys_that_are_given_twice_are_found_behind_thousands_of_unknown_ones()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string keys = string.Join(", ", Enumerable.Range(0, 1_200).Select(number => $"\"key{number}\": 0"));

        IssueOutcome.Issued issued = await IssueAsync(authority, $"\"key7\": 0, \"lifetime\": 5, {keys}, \"lifetime\": 7, \"key8\": 0");

        Assert.Equal("and 1101 more", issued.Warnings[100]); // 1,200 unknown keys and the lifetime
        Assert.Equal(7, (int)(issued.Record.Expires - issued.Record.Issued).TotalDays);
    }

    /// <summary>Reporting every element would make an answer of 14 MB.</summary>
    [Theory]
    [InlineData("\"sans\": {\"type\": \"DNS_NAME\", \"value\": [{0}1]}", "1,", 500_000)]
    [InlineData("\"sans\": {\"type\": \"DNS_NAME\", \"value\": [{0}1]}", "\"\\u0001\",", 100_000)]
    [InlineData("{0}\"x\": 1", "\"\\u0001yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy{n}\":0,", 8_000)]
    public async Task Warnings_make_no_large_answer_of_a_large_request(string form, string part, int times)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        IssueOutcome.Issued issued = await IssueAsync(authority, form.Replace(
            "{0}", string.Concat(Enumerable.Range(0, times).Select(number => part.Replace("{n}", $"{number}", StringComparison.Ordinal))), StringComparison.Ordinal));

        Assert.Equal(101, issued.Warnings.Count);
        Assert.True(issued.Json.Length < 200_000, $"the answer has {issued.Json.Length} characters");
    }

    [Fact]
    public async Task What_a_CSR_requests_in_vain_is_reported()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string csr = HandmadeRequests.Pem(HandmadeRequests.Der(SomeKeys.Other(), attributes: HandmadeRequests.AskingFor(
            ("2.5.29.17", "301f82" + "0e" + Hex("b.example.test") + "87040a000001" + "8207" + Hex("x.y.com")),
            ("2.5.29.19", "30030101ff"),
            ("2.5.29.15", "03020106"),
            ("2.5.29.37", "300a06082b06010505070303"),
            ("1.3.6.1.4.1.55555.1", "0500"))));

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(csr: csr, more: new JsonObject
        {
            ["sans"] = new JsonArray("X.Y.COM"),
        })));

        Assert.Equal(
            [
                "CSR: DNS_NAME b.example.test was left out: the request gives the names, in sans",
                "CSR: IP_ADDRESS 10.0.0.1 was left out: the request gives the names, in sans",
                "CSR: extension basicConstraints was left out: this certificate is none of a CA",
                "CSR: extension keyUsage was left out: the CA sets it to what fits the key",
                "CSR: extended key usage CODE_SIGNING was left out: the request gives the usages, in purposes and extended_key_usages",
                "CSR: extension 1.3.6.1.4.1.55555.1 was left out: the request can ask for it in extensions, where the CA allows it",
            ],
            issued.Warnings);
    }

    [Fact]
    public async Task What_a_CSR_requests_and_gets_is_not_reported()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        SoftwareKey key = SomeKeys.Other();
        string csr = HandmadeRequests.Pem(HandmadeRequests.Der(key, attributes: HandmadeRequests.AskingFor(
            ("2.5.29.17", "301582" + "13" + Hex("client.example.test")),
            ("2.5.29.19", "3000"),
            ("2.5.29.15", "03020780"),
            ("2.5.29.37", "300a06082b06010505070302"),
            ("2.5.29.14", "0414" + Convert.ToHexStringLower(key.PublicKey.KeyIdentifier.Span)))));

        Assert.Empty(Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(csr: csr))).Warnings);
    }

    [Fact]
    public async Task A_CSR_beside_a_file_that_wins_over_it_is_reported()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("csrs/a.csr", SomeRequests.Csr());

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject { ["csr_file"] = "a.csr" })));

        Assert.Equal(["base64_csr_data was ignored: csr_file wins over it"], issued.Warnings);
    }

    [Fact]
    public async Task An_extension_request_that_cannot_be_read_is_no_reason_to_refuse()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string csr = HandmadeRequests.Pem(HandmadeRequests.Der(SomeKeys.Other(), attributes: HandmadeRequests.AskingFor(("2.5.29.17", "0500"))));

        Assert.Equal(
            ["CSR: extension 2.5.29.17 was left out: it cannot be read"],
            Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(csr: csr))).Warnings);
    }

    [Fact]
    public async Task Attributes_that_a_certificate_does_not_get_are_reported_without_secrets()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string csr = HandmadeRequests.Pem(HandmadeRequests.Der(
            SomeKeys.Other(),
            subject: HandmadeRequests.Name("0.9.2342.19200300.100.1.25", System.Formats.Asn1.UniversalTagNumber.IA5String, Hex("corp")),
            attributes: "a01b301906092a864886f70d010907310c0c0a" + Hex("secretword")));

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(csr: csr)));

        Assert.Equal(
            [
                "CSR: DC 'corp' of the subject was left out: certificates have CN, C, emailAddress, L, O, OU and ST only",
                "CSR: attribute challengePassword was left out: the CA has no use for it",
            ],
            issued.Warnings);
        Assert.DoesNotContain("secretword", issued.Json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("My Server", "null", true)]
    [InlineData("www.example.test", "null", false)]
    [InlineData("My Server", "[\"www.example.test\"]", false)]
    [InlineData("www.example.test", "[\"bad name\"]", true)]
    public async Task A_server_certificate_without_any_name_is_reported(string commonName, string sans, bool reported)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(commonName, more: new JsonObject
        {
            ["purposes"] = new JsonArray("server_auth"),
            ["sans"] = JsonNode.Parse(sans),
        })));

        Assert.Equal(reported, issued.Warnings.Any(warning => warning.StartsWith("sans: a certificate for servers without any name", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_entry_of_the_list_warns_in_the_report_and_in_the_notification()
    {
        TestAuthority authority = await TestAuthority.CreateAsync(settings => settings with { ExpiryReminders = [] });
        authority.Internal.With("csrs/a.csr", SomeRequests.Csr()).With("csrs/b.csr", SomeRequests.Csr()).With("tls.json", $$"""
            [{"common_name": "client.example.test", "csr_file": "a.csr", "Lifetime": 90},
             {"common_name": "b.example.test", "csr_file": "b.csr", "lifetime": 0, "purpose": "server_auth"}]
            """);

        PipelineReport first = await authority.RunAsync();
        PipelineReport second = await authority.RunAsync();

        string[] issued = ["unknown key 'Lifetime' was ignored: did you mean 'lifetime'?"];
        string[] refused = ["unknown key 'purpose' was ignored: did you mean 'purposes'?"];
        Assert.Equal([EntryStatus.Issued, EntryStatus.Refused], first.Entries.Select(entry => entry.Status));
        Assert.Equal([issued, refused], first.Entries.Select(entry => entry.Warnings));
        Assert.Equal([EntryStatus.AlreadyIssued, EntryStatus.Refused], second.Entries.Select(entry => entry.Status));
        Assert.Equal([issued, refused], second.Entries.Select(entry => entry.Warnings));
        Assert.Equal([NotificationSubjects.Issued, NotificationSubjects.Rejected], authority.Told);
        Assert.Equal([issued, refused], authority.Notifier.Delivered.Select(notification => Texts(JsonNode.Parse(notification.Json)!["Warnings"])));
    }

    private static async Task<IssueOutcome.Issued> IssueAsync(TestAuthority authority, string members)
    {
        string request = $"{{\"common_name\": \"client.example.test\", \"base64_csr_data\": \"{SomeRequests.Base64(SomeRequests.Csr())}\", {members}}}";
        return Assert.IsType<IssueOutcome.Issued>(
            await new IssueCertificate(authority.Deployment).RunAsync(Encoding.UTF8.GetBytes(request), CancellationToken.None));
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(text => text!.GetValue<string>());

    private static string Hex(string ascii) => Convert.ToHexStringLower(Encoding.ASCII.GetBytes(ascii));
}
