using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using ServerlessCA.Core.Tests.Pipeline;
using ServerlessCA.Core.Texts;
using Xunit;

namespace ServerlessCA.Core.Tests.Api;

/// <summary>The document of a plan is read as it was written: every plan of the tests of plans is (<see cref="PlanAndRun"/>), and
/// here one that has everything.</summary>
public sealed class PlanDocumentTests
{
    private const string Name = "a";

    [Fact]
    public async Task A_plan_with_everything_is_read_as_it_was_written()
    {
        Plan plan = await PlanAsync();

        Plan read = PlanDocument.Read(Written(plan));

        Assert.Equal(
            [PlannedVerdict.Issue, PlannedVerdict.Refuse, PlannedVerdict.Refuse], read.Entries.Select(entry => entry.Verdict));
        PlannedEntry issue = read.Entries[0];
        Assert.Equal(plan.Entries[0].Facts!.KeyText, issue.Facts!.KeyText);
        Assert.Equal(plan.Entries[0].TbsDer, issue.TbsDer);
        Assert.Equal((plan.Entries[0].Present!.SerialNumber, plan.Entries[0].Present!.Expires), (issue.Present!.SerialNumber, issue.Present.Expires));
        Assert.Equal(plan.Entries[0].Differences.Select(difference => difference.ToString()), issue.Differences.Select(difference => difference.ToString()));
        Assert.Equal(plan.Entries[1].Code, read.Entries[1].Code);
        Assert.Equal(plan.Entries.Select(entry => entry.Place), read.Entries.Select(entry => entry.Place));
        Assert.Equal([ListedVerdict(plan, 0), ListedVerdict(plan, 1)], [ListedVerdict(read, 0), ListedVerdict(read, 1)]);
        Assert.Equal(RevocationReason.KeyCompromise, read.Revocations[0].Decision!.Entry.Reason);
        Assert.Equal((plan.Fails, plan.Refuses, plan.Changes), (read.Fails, read.Refuses, read.Changes));
        Assert.Equal(Encoding.UTF8.GetString(Written(plan)), Encoding.UTF8.GetString(Written(read)));
    }

    [Theory]
    [InlineData("Plan", "\"Perhaps\"", "'Entries[0].Plan' is not a word that this version knows: update serverless-ca")]
    [InlineData("Differences", "[{}]", "'Entries[0].Differences[0].What' is missing")]
    [InlineData("Certificate", "{\"ValidFrom\":\"2030-01-01T00:00:00Z\"}", "'Entries[0].Certificate.ValidTo' is missing")]
    [InlineData("Line", "\"one\"", "'Entries[0].Line' is not a whole number")]
    [InlineData("Findings", "[{\"Id\":\"a\",\"Severity\":\"awful\",\"Clause\":\"b\",\"Message\":\"c\"}]", "'Entries[0].Findings[0].Severity' is not a word that this version knows: update serverless-ca")]
    public async Task What_is_wrong_in_a_plan_is_said_with_its_place(string member, string json, string message)
    {
        JsonNode document = JsonNode.Parse(Written(await PlanAsync()))!;
        document["Entries"]![0]![member] = JsonNode.Parse(json);

        var fault = Assert.Throws<UnreadableDocumentException>(() => PlanDocument.Read(Encoding.UTF8.GetBytes(document.ToJsonString())));

        Assert.Equal(message, fault.Message);
    }

    [Fact]
    public async Task Bytes_to_be_signed_that_are_no_base64_are_refused()
    {
        JsonNode document = JsonNode.Parse(Written(await PlanAsync()))!;
        document["Entries"]![0]!["Certificate"]!["Base64Tbs"] = "!";

        var fault = Assert.Throws<UnreadableDocumentException>(() => PlanDocument.Read(Encoding.UTF8.GetBytes(document.ToJsonString())));

        Assert.Equal("'Entries[0].Certificate.Base64Tbs' is not base64", fault.Message);
    }

    private static byte[] Written(Plan plan) => JsonText.Utf8(writer => PlanDocument.Write(writer, plan, show: true));

    private static object ListedVerdict(Plan plan, int place) => (plan.Revocations[place].Decision?.Verdict, plan.Revocations[place].Fails, plan.Revocations[place].Place);

    // One entry gets a certificate with a new key, one has a key that was used, one is no entry; one revocation is carried out, one is not.
    private static async Task<Plan> PlanAsync()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("tls.json", new JsonArray(SomeRequests.Entry(Name, "a.csr")).ToJsonString()).With("csrs/a.csr", SomeRequests.Csr($"CN={Name}"));
        string used = SomeRequests.Csr("CN=b");
        await authority.RunAsync();
        await authority.IssueAsync(SomeRequests.Direct("b", used));
        string serial = authority.Issued.Single(row => row.CommonName == "b").SerialNumber.ToString();
        authority.Internal.With("csrs/a.csr", SomeRequests.Csr($"CN={Name},O=New")).With("csrs/b.csr", used)
            .With("tls.json", new JsonArray(SomeRequests.Entry(Name, "a.csr"), SomeRequests.Entry("c", "b.csr"), 17).ToJsonString())
            .With("revoked.json", $$"""[{"common_name": "b", "serial_number": "{{serial}}", "reason": "keyCompromise"}, {"common_name": "nobody", "serial_number": 17}]""");
        return await authority.PlanAsync();
    }
}
