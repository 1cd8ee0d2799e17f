using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

/// <summary>Refusals carry their code, so that no program has to compare texts.</summary>
public sealed partial class RejectionCodeTests
{
    [Fact]
    public void Every_code_has_a_name_of_its_own_that_is_found_again()
    {
        RejectionCode[] codes = Enum.GetValues<RejectionCode>();

        Assert.All(codes, code => Assert.Matches(Name(), RejectionCodes.NameOf(code)));
        Assert.Equal(codes, codes.Select(code => RejectionCodes.Find(RejectionCodes.NameOf(code))!.Value));
        Assert.Null(RejectionCodes.Find("of_a_later_version"));
    }

    [Fact]
    public async Task A_refusal_answers_its_text_and_then_its_code()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        IssueOutcome outcome = await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject { ["lifetime"] = 0 }));

        Assert.Equal("""{"error":"0 is too short","code":"lifetime_too_short"}""", outcome.Json);
    }

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$")]
    private static partial Regex Name();
}
