using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Commands;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests that the hint for a refusal follows from its code, and that texts are compared only if an older CA sends
/// no code.</summary>
public sealed class RefusalCodeTests
{
    private const string NewKey = "make a new key, or allow the old one with --force-issue";

    [Theory]
    [InlineData("""{"error": "in other words", "code": "key_used"}""", RejectionCode.KeyUsed, NewKey)]
    [InlineData("""{"error": "Private key has already been used for a certificate"}""", RejectionCode.KeyUsed, NewKey)]
    [InlineData("""{"error": "Private key has already been used for a certificate", "code": "of_a_later_version"}""", null, null)]
    [InlineData("""{"error": "Private key has already been used for a certificate", "code": "ca_not_found"}""", RejectionCode.CaNotFound, null)]
    [InlineData("""{"error": "0 is too short"}""", RejectionCode.LifetimeTooShort, "give at least one day: --lifetime 1")]
    [InlineData("""{"error": "Custom extension OID 1.2.3 is not in the configured allowlist"}""", RejectionCode.ExtensionRefused, "the CA's operator can allow it")]
    [InlineData("""{"error": "in other words", "code": "usage_refused"}""", RejectionCode.UsageRefused, "the CA's operator can allow it")]
    [InlineData("""{"error": "CA serverless-issuing-ca-dev not found"}""", null, null)]
    public void A_code_counts_and_without_one_the_text_does(string json, RejectionCode? code, string? hint)
    {
        var refused = Assert.IsType<AuthorityAnswer.Rejected>(AuthorityAnswer.Read(json));

        Assert.Equal((code, hint), (refused.Code, Refusal.HintOf(refused)));
    }

    [Fact]
    public void A_CA_that_is_a_folder_here_can_be_set_up_otherwise()
    {
        var refused = new AuthorityAnswer.Rejected("{}", "", RejectionCode.UsageRefused, []) { IsHere = true };

        Assert.Equal("extended_key_usage_allowlist in the CA's settings.json names what is allowed", Refusal.HintOf(refused));
    }
}
