using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Requests;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Tests contract 12.13: a request that is repeated with its token gets the same certificate.</summary>
public sealed class IdempotencyTests
{
    [Fact]
    public async Task The_same_token_with_the_same_request_answers_the_same_certificate()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        JsonObject request = WithToken(SomeRequests.Csr());

        IssueOutcome first = await authority.IssueAsync(request);
        authority.Clock.Advance(TimeSpan.FromHours(23));
        var again = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(request));

        Assert.Equal(first.Json, again.Json);
        Assert.True(again.Repeated);
        Assert.Single(authority.Issued);
    }

    [Fact]
    public async Task The_same_token_with_another_request_is_refused()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(WithToken(SomeRequests.Csr()));

        var refused = Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(WithToken(SomeRequests.Csr())));

        Assert.Equal(RejectionCode.TokenMisused, refused.Why.Code);
        Assert.Single(authority.Issued);
    }

    [Fact]
    public async Task A_token_is_forgotten_after_a_day()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(WithToken(SomeRequests.Csr()));
        authority.Clock.Advance(TimeSpan.FromHours(25));

        Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(WithToken(SomeRequests.Csr())));
    }

    [Fact]
    public async Task Of_concurrent_calls_with_one_token_all_get_the_one_certificate()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        JsonObject request = WithToken(SomeRequests.Csr());

        IssueOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => authority.IssueAsync(request.DeepClone()))));

        Assert.Single(outcomes.Select(outcome => outcome.Json).Distinct());
        Assert.Single(authority.Issued);
    }

    [Fact]
    public async Task Members_in_another_order_are_the_same_request()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        JsonObject request = WithToken(SomeRequests.Csr());
        var reordered = new JsonObject(request.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

        IssueOutcome first = await authority.IssueAsync(request);

        Assert.Equal(first.Json, (await authority.IssueAsync(reordered)).Json);
    }

    private static JsonObject WithToken(string csr) => SomeRequests.Direct(csr: csr, more: new JsonObject { ["idempotency_token"] = "token-1" });
}
