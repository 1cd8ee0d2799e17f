using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

/// <summary>More names than any certificate has room for are refused once, and not read to the end.</summary>
public sealed class SanLimitTests
{
    [Fact]
    public async Task The_names_of_a_map_behind_the_5000th_make_one_refusal()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        var names = new JsonArray([.. Enumerable.Range(0, 5_100).Select(_ => JsonValue.Create("a.example.test"))]);

        IssueOutcome outcome = await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject { ["sans"] = new JsonObject { ["DNS_NAME"] = names } }));

        Assert.Equal("sans has more than 5000 names", Assert.IsType<IssueOutcome.Refused>(outcome).Why.Message);
    }

    [Theory]
    [InlineData(5_000, 5_001)]
    [InlineData(5_001, null)]
    public async Task A_map_of_more_than_5000_types_is_refused(int types, int? named)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        var map = new JsonObject { ["DNS_NAME"] = "a.example.test" };
        foreach (int number in Enumerable.Range(1, types - 1))
        {
            map[$"type{number}"] = "b.example.test";
        }

        IssueOutcome outcome = await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject { ["sans"] = map }));

        if (named is null)
        {
            Assert.Equal("sans has 5001 types: at most 5000 are accepted", Assert.IsType<IssueOutcome.Refused>(outcome).Why.Message);
        }
        else
        {
            Assert.Equal("and 4899 more", Assert.IsType<IssueOutcome.Issued>(outcome).Warnings[100]);
        }
    }

    [Fact]
    public async Task Directory_names_that_no_certificate_has_room_for_are_refused()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string name = $"CN=a{string.Concat(Enumerable.Repeat(",O=b", 49))}"; // 602 octets
        var names = new JsonArray([.. Enumerable.Range(0, 120).Select(_ => JsonValue.Create(name))]);

        IssueOutcome outcome = await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject { ["sans"] = new JsonObject { ["DN"] = names } }));

        Assert.Equal(
            "sans has directory names of more than 65536 bytes: no certificate has room for them", Assert.IsType<IssueOutcome.Refused>(outcome).Why.Message);
        Assert.Empty(authority.Issued);
    }

    [Theory]
    [InlineData(4_000, "must not have an empty label")]
    [InlineData(4_200, "must have at most 253 characters")]
    public void A_domain_name_of_thousands_of_characters_is_too_long_whatever_else_it_is(int length, string expected)
    {
        Assert.False(GeneralName.TryParse("DNS_NAME", $"a..{new string('a', length - 3)}", out _, out string? why));

        Assert.Equal(expected, why);
    }
}
