using System.Text.Json.Nodes;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Pipeline;

/// <summary>Tests contract 12.19: a list that does not change causes no notifications.</summary>
public sealed class QuietNightTests
{
    [Fact]
    public async Task An_entry_that_is_refused_is_announced_once_and_again_only_for_another_reason()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("csrs/one.csr", SomeRequests.Csr());
        Put(authority, new JsonObject { ["lifetime"] = 0 });

        Assert.Equal(EntryStatus.Refused, Assert.Single((await authority.RunAsync()).Entries).Status);
        Assert.Equal(EntryStatus.Refused, Assert.Single((await authority.RunAsync()).Entries).Status);
        Assert.Equal(1, Rejections(authority));

        Put(authority, new JsonObject { ["lifetime"] = "ten" });
        await authority.RunAsync();
        await authority.RunAsync();
        Assert.Equal(2, Rejections(authority));
    }

    [Fact]
    public async Task A_forced_entry_is_issued_in_one_run_and_not_in_the_next()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("csrs/one.csr", SomeRequests.Csr());
        Put(authority, new JsonObject { ["force_issue"] = true });

        EntryStatus[] ended = [(await authority.RunAsync()).Entries[0].Status, (await authority.RunAsync()).Entries[0].Status];

        Assert.Equal([EntryStatus.Issued, EntryStatus.AlreadyIssued], ended);
        Assert.Single(authority.Issued);
    }

    private static int Rejections(TestAuthority authority) => authority.Told.Count(subject => subject == "Certificate Request Rejected");

    private static void Put(TestAuthority authority, JsonObject more) =>
        authority.Internal.With("tls.json", new JsonArray(SomeRequests.Entry("one.example.com", "one.csr", more)).ToJsonString());
}
