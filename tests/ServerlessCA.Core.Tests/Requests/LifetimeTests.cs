using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

/// <summary><c>lifetime</c> of requests: whole days, however many.</summary>
public sealed class LifetimeTests
{
    private const string Enormous = "100000000000000000000000000000"; // far beyond 64 bits

    [Theory]
    [InlineData("7", 7)]
    [InlineData("\" +7 \"", 7)]
    [InlineData("7.0", 7)]
    [InlineData("366", 365)]
    [InlineData(Enormous, 365)]
    public async Task It_is_cut_to_the_maximum(string json, int days)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(Request(json)));

        Assert.Equal(authority.Clock.GetUtcNow().AddDays(days), issued.Record.Expires);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("-" + Enormous)]
    public async Task Too_few_days_are_told_as_they_were_asked_for(string days)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        IssueOutcome outcome = await authority.IssueAsync(Request(days));

        Assert.Equal($$"""{"error":"{{days}} is too short","code":"lifetime_too_short"}""", outcome.Json);
        Assert.Contains($"\"Lifetime\":{days},", Assert.Single(authority.Notifier.Delivered).Json, StringComparison.Ordinal);
    }

    private static JsonObject Request(string lifetime) =>
        SomeRequests.Direct(more: new JsonObject { ["lifetime"] = JsonNode.Parse(lifetime) });
}
