using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Pipeline;

/// <summary>Tests direct requests for a name that <c>tls.json</c> lists: such a certificate counts as GitOps (contract section 5), so
/// people hear of it, and it takes nothing from the entry.</summary>
public sealed class DirectRequestTests
{
    private const string Name = "server.example.test";

    [Fact]
    public async Task A_direct_request_for_a_listed_name_is_announced_and_the_entry_still_gets_its_certificate()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("csrs/server.csr", SomeRequests.Csr($"CN={Name}")).With("tls.json", List(new JsonObject { ["lifetime"] = 60 }));

        CertificateRecord direct = Issued(await authority.IssueAsync(SomeRequests.Direct(Name)));
        PipelineReport report = await authority.RunAsync();
        PipelineReport again = await authority.RunAsync();

        Assert.True(direct.NotifyExpiry);
        Assert.Equal(["Certificate Issued", "Certificate Issued"], authority.Told.Where(subject => subject == "Certificate Issued"));
        Assert.Equal(EntryStatus.Issued, Assert.Single(report.Entries).Status);
        Assert.Equal(EntryStatus.AlreadyIssued, Assert.Single(again.Entries).Status);
        CertificateRecord listed = Assert.Single(authority.Issued, row => row.SerialNumber != direct.SerialNumber);
        Assert.NotEqual(direct.PublicKeyHash, listed.PublicKeyHash);
        Assert.Equal(TimeSpan.FromDays(30), listed.Expires - direct.Expires); // 60 days as the entry says, and 30 as nobody said
    }

    [Theory]
    [InlineData("Other")]
    [InlineData("listed")]
    public async Task Another_organization_than_the_entry_has_does_not_count(string organization)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("csrs/server.csr", SomeRequests.Csr($"CN={Name}")).With("tls.json", List(new JsonObject { ["organization"] = "Listed" }));

        CertificateRecord other = Issued(await authority.IssueAsync(SomeRequests.Direct(Name, more: new JsonObject { ["organization"] = organization })));
        Assert.False(other.NotifyExpiry);
        Assert.Empty(authority.Told);

        CertificateRecord same = Issued(await authority.IssueAsync(SomeRequests.Direct(Name, more: new JsonObject { ["organization"] = "Listed" })));
        Assert.True(same.NotifyExpiry);
        Assert.Equal(["Certificate Issued"], authority.Told);
    }

    [Fact]
    public async Task The_request_decides_where_it_says_whether_anybody_is_notified()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("csrs/server.csr", SomeRequests.Csr($"CN={Name}")).With("tls.json", List([]));

        CertificateRecord quiet = Issued(await authority.IssueAsync(SomeRequests.Direct(Name, more: new JsonObject { ["notify_issued"] = false, ["notify_expiry"] = false })));

        Assert.False(quiet.NotifyExpiry);
        Assert.Empty(authority.Told);
    }

    private static string List(JsonObject more) => new JsonArray(SomeRequests.Entry(Name, "server.csr", more)).ToJsonString();

    private static CertificateRecord Issued(IssueOutcome outcome) => Assert.IsType<IssueOutcome.Issued>(outcome).Record;
}
