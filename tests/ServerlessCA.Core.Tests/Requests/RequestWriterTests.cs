using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

/// <summary>A request is the same on both ends of the wire.</summary>
public sealed class RequestWriterTests
{
    private const string Everything = """
        {"common_name":"a.example.test","country":"GB","state":"S","locality":"L","organization":"O","organizational_unit":"OU","email_address":"a@example.test",
        "lifetime":90,"purposes":["server_auth"],"extended_key_usages":["CODE_SIGNING","1.2.3.4"],
        "sans":[{"type":"DNS_NAME","value":"bücher.example"},{"type":"IP_ADDRESS","value":"192.0.2.1"},{"type":"DN","value":"CN=x"}],
        "extensions":[{"oid":"1.2.3","value_b64":"BQA=","critical":true}],"base64_csr_data":"LS0=",
        "force_issue":true,"cert_bundle":true,"ca_chain_only":true,"notify_expiry":false,"notify_issued":true,"idempotency_token":"t"}
        """;

    private static CertificateRequest Made => new()
    {
        CommonName = "a.example.test",
        Subject = new Dictionary<string, string>
        {
            ["country"] = "GB", ["state"] = "S", ["locality"] = "L", ["organization"] = "O", ["organizational_unit"] = "OU", ["email_address"] = "a@example.test",
        },
        Lifetime = 90,
        Purposes = ["server_auth"],
        ExtendedKeyUsages = ["CODE_SIGNING", "1.2.3.4"],
        Sans = [Name("DNS_NAME", "bücher.example"), Name("IP_ADDRESS", "192.0.2.1"), Name("DN", "CN=x")],
        Extensions = [new RequestedExtension("1.2.3", "BQA=", IsCritical: true)],
        Csr = new CsrSource.PemText("--"),
        ForceIssue = true,
        CertBundle = true,
        CaChainOnly = true,
        NotifyExpiry = false,
        NotifyIssued = true,
        IdempotencyToken = "t",
    };

    [Fact]
    public void Every_field_is_written_as_the_contract_has_it_and_read_as_the_same()
    {
        JsonObject written = JsonNode.Parse(RequestWriter.Write(Made))!.AsObject();

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Everything), written), written.ToJsonString());
        Assert.Equal(
            RequestKeys.All.Except([RequestKeys.CsrFile]).Order(StringComparer.Ordinal), written.Select(member => member.Key).Order(StringComparer.Ordinal));
        AssertSame(Made, Read(written.ToJsonString()));
        AssertSame(new CertificateRequest { Csr = new CsrSource.File("a.csr") }, Read("""{"csr_file":"a.csr"}"""));
    }

    [Fact]
    public void A_request_without_anything_is_an_empty_object()
    {
        Assert.Equal("{}", Encoding.UTF8.GetString(RequestWriter.Write(new CertificateRequest())));
        AssertSame(new CertificateRequest(), Read("{}"));
    }

    [Fact]
    public void Names_of_hosts_alone_are_written_as_texts()
    {
        var request = new CertificateRequest { Sans = [Name("DNS_NAME", "a.example.test"), Name("DNS_NAME", "b.example.test")] };

        Assert.Equal("""{"sans":["a.example.test","b.example.test"]}""", Encoding.UTF8.GetString(RequestWriter.Write(request)));
    }

    // Only the CA decides what it refuses or leaves out.
    [Fact]
    public void What_was_read_stays_as_it_came_but_for_what_was_changed_since()
    {
        const string Json = """{"_note":1,"lifetime":"soon","sans":["a.example.test","no name"],"common_name":"a","purposes":"server_auth","csr_file":"a.csr"}""";
        CertificateRequest read = Read(Json);

        CertificateRequest changed = read with { CommonName = "b", Csr = new CsrSource.PemText("x"), NotifyIssued = true };

        Assert.Equal(Json, Encoding.UTF8.GetString(RequestWriter.Write(read)));
        Assert.Equal(
            """{"_note":1,"lifetime":"soon","sans":["a.example.test","no name"],"common_name":"b","purposes":"server_auth","base64_csr_data":"eA==","notify_issued":true}""",
            Encoding.UTF8.GetString(RequestWriter.Write(changed)));
    }

    [Theory]
    [InlineData("""{"common_name": 5}""", true)]
    [InlineData("""{"common_name": "a"}""", true)]
    [InlineData("""{"common_name": ""}""", false)]
    [InlineData("""{"common_name": null}""", false)]
    [InlineData("{}", false)]
    public void Whether_a_request_says_anything_counts_what_is_wrong_too(string json, bool says) =>
        Assert.Equal(says, RequestWriter.Has(Read(json), RequestKeys.CommonName));

    [Fact]
    public void A_request_means_the_same_to_the_CA_and_to_the_client_that_checks_its_answer()
    {
        CertificateRequest request = Read(new JsonObject
        {
            ["base64_csr_data"] = SomeRequests.Base64(SomeRequests.Csr("CN=localhost,O=Example")),
            ["purposes"] = new JsonArray("server_auth"),
        }.ToJsonString());

        var requested = RequestedContents.Of(request);

        Assert.Equal("localhost", requested.CommonName);
        Assert.Equal(["localhost"], requested.Sans.Select(name => name.Text));
        Assert.Equal([ExtendedKeyUsage.ServerAuth], request.Usages);
    }

    private static GeneralName Name(string type, string text) =>
        GeneralName.TryParse(type, text, out GeneralName? name, out string? why) ? name : throw new InvalidOperationException(why);

    private static CertificateRequest Read(string json) =>
        RequestReader.TryParse(Encoding.UTF8.GetBytes(json), singleLabels: true, out CertificateRequest? request, out Rejection? why)
            ? request
            : throw new InvalidOperationException(why.Message);

    private static void AssertSame(CertificateRequest expected, CertificateRequest actual)
    {
        Assert.Equal(expected.CommonName, actual.CommonName);
        Assert.Equal(expected.Subject, actual.Subject);
        Assert.Equal(expected.Lifetime, actual.Lifetime);
        Assert.Equal(expected.Purposes, actual.Purposes);
        Assert.Equal(expected.ExtendedKeyUsages, actual.ExtendedKeyUsages);
        Assert.Equal<GeneralName>(expected.Sans ?? [], actual.Sans ?? []);
        Assert.Equal(expected.Extensions, actual.Extensions);
        Assert.Equal(expected.Csr, actual.Csr);
        Assert.Equal(
            (expected.ForceIssue, expected.CertBundle, expected.CaChainOnly, expected.NotifyExpiry, expected.NotifyIssued, expected.IdempotencyToken),
            (actual.ForceIssue, actual.CertBundle, actual.CaChainOnly, actual.NotifyExpiry, actual.NotifyIssued, actual.IdempotencyToken));
    }
}
