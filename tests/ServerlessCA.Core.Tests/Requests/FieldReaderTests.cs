using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

/// <summary>A text where a list of texts belongs is a list of one (contract section 5).</summary>
public sealed class OneTextTests
{
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";

    [Theory]
    [InlineData("purposes", "server_auth", new[] { ServerAuth })]
    [InlineData("purposes", "client_auth", new[] { ClientAuth })]
    [InlineData("extended_key_usages", "CODE_SIGNING", new[] { ClientAuth, CodeSigning })]
    [InlineData("extended_key_usages", CodeSigning, new[] { ClientAuth, CodeSigning })]
    [InlineData("extended_key_usages", "NONE", new[] { ClientAuth })]
    public async Task One_text_is_a_list_of_one(string field, string text, string[] usages)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject { [field] = text })));

        Assert.Equal(usages, authority.CertificateOf(issued.Record).ExtendedKeyUsages);
        Assert.Empty(issued.Warnings);
    }

    [Theory]
    [InlineData("purposes", "purposes: 'web' was left out: purposes are client_auth and server_auth")]
    [InlineData("extended_key_usages", "extended_key_usages: 'web' was left out: no known usage or OID")]
    public async Task One_unknown_text_is_reported(string field, string warning)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject { [field] = "web" })));

        Assert.Equal([warning], issued.Warnings);
    }

    [Theory]
    [InlineData("purposes", "{}")]
    [InlineData("extended_key_usages", "5")]
    public async Task Anything_else_is_refused(string field, string value)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        IssueOutcome outcome = await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject { [field] = JsonNode.Parse(value) }));

        Assert.Equal($$"""{"error":"{{field}} must be a list","code":"malformed"}""", outcome.Json);
    }
}
