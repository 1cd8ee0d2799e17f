using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Comparing;
using Xunit;

namespace ServerlessCA.Conformance.Normalising;

public sealed class NormaliserTests
{
    public static TheoryData<string> Fixtures => [.. Vectors.Names("normaliser", ".trace.json")];

    [Fact]
    public void There_are_traces_of_keys_certificates_crls_and_texts() =>
        Assert.Equal(["ca-keys", "certificates", "crls", "texts"], Vectors.Names("normaliser", ".trace.json"));

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void A_raw_trace_gets_the_normal_form_that_the_reference_gives_it(string name)
    {
        JsonObject expected = Vectors.Read("normaliser", name + ".form.json");
        JsonObject actual = Traces.Normalise(Vectors.Read("normaliser", name + ".trace.json"));

        Assert.NotEmpty(expected["cases"]!.AsArray());
        Assert.Equal([], FormComparer.Compare(expected, actual).Select(difference => difference.ToString()));
    }

    [Fact]
    public void A_signature_with_one_bit_changed_is_nobodys()
    {
        JsonObject trace = Vectors.Read("normaliser", "crls.trace.json")["cases"]![0]!.AsObject();
        JsonNode file = trace["steps"]!.AsArray()[^1]!["s3"]![0]!;
        byte[] crl = Convert.FromBase64String(file["body_b64"]!.GetValue<string>());
        crl[^1] ^= 1;
        file["body_b64"] = Convert.ToBase64String(crl);

        Assert.Equal("nobody known", Normaliser.Normalise(trace)["crls"]!["crl-1"]!["signed_by"]!.GetValue<string>());
        Assert.Equal("kms:issuing", Normaliser.Normalise(trace)["crls"]!["crl-2"]!["signed_by"]!.GetValue<string>());
    }

    [Fact]
    public void Text_that_only_claims_to_be_a_certificate_is_named_by_its_digest()
    {
        JsonObject trace = Vectors.Read("normaliser", "crls.trace.json")["cases"]![0]!.AsObject();
        trace["steps"]!.AsArray()[^1]!["outcome"] = new JsonObject
        {
            ["return"] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        };

        string form = Normaliser.Normalise(trace)["steps"]!.AsArray()[^1]!["outcome"]!["return"]!["$text"]!.GetValue<string>();

        Assert.StartsWith("<PEM CERTIFICATE sha256=", form, StringComparison.Ordinal);
    }
}
