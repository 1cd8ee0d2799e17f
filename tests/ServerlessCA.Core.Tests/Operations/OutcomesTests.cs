using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Operations;

/// <summary>Tests that a function's answer, its log and the step of a run come from one place.</summary>
public sealed class OutcomesTests
{
    private static readonly byte[] Scheduled = """{"scheduled": true}"""u8.ToArray();

    private readonly List<OperationFact> facts = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_CA_is_reported_as_created_once_and_as_there_afterwards()
    {
        TestAuthority authority = TestAuthority.WithoutCas();

        OperationResult first = await RunAsync(authority, CaFunction.CreateRootCa);
        OperationResult second = await RunAsync(authority, CaFunction.CreateRootCa);

        Assert.Equal(("null", "null"), (first.Json, second.Json));
        Assert.Equal((StepStatus.Done, StepStatus.Unchanged), (first.Status, second.Status));
        Assert.Equal(["CaCreated", "CaExists"], facts.Select(fact => fact.Event));
        Assert.Equal([[$"{TestAuthority.RootName} created"], []], new[] { first.Notes, second.Notes });
    }

    [Fact]
    public async Task An_issuing_CA_that_waits_for_its_root_fails_a_run_but_not_its_function()
    {
        OperationResult waits = await RunAsync(TestAuthority.WithoutCas(), CaFunction.CreateIssuingCa);

        Assert.Null(waits.Failure);
        Assert.Equal(StepStatus.Failed, waits.Status);
        Assert.True(Assert.Single(facts) is { Event: "CaWaits", IsWarning: true });
    }

    [Fact]
    public async Task A_CRL_without_a_CA_fails_its_function_unless_the_schedule_asked_for_it()
    {
        TestAuthority authority = TestAuthority.WithoutCas();

        StepFailedException failed = await Assert.ThrowsAsync<StepFailedException>(() => RunAsync(authority, CaFunction.RootCaCrl));
        Assert.Empty(facts);
        OperationResult waits = await RunAsync(authority, CaFunction.RootCaCrl, Scheduled);

        Assert.Equal($"no {TestAuthority.RootName}.crl: the CA does not exist yet; create it first", failed.Message);
        Assert.Equal("null", waits.Json);
        Assert.True(Assert.Single(facts) is { Event: "CrlWaits", IsWarning: false });
    }

    [Fact]
    public async Task A_CRL_is_reported_to_be_in_place_and_then_published()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        OperationResult published = await RunAsync(authority, CaFunction.IssuingCaCrl);

        Assert.True(published.IsPublished);
        Assert.Equal(["CrlInPlace", "CrlPublished", "CaValidity"], facts.Select(fact => fact.Event));
        Assert.Equal(["Number", "NextUpdate"], facts[0].Fields.Select(field => field.Key));
        Assert.Equal($"CRL {facts[0].Fields[0].Value} published, 0 revoked, 0 of them new", facts[1].Message);
        Assert.Equal([KeyValuePair.Create("DaysRemaining", (object?)authority.Settings.IssuingCaInfo.Lifetime)], facts[2].Fields);
    }

    [Fact]
    public async Task A_list_with_a_bad_entry_is_reported_before_its_function_fails()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("revoked.json", """[{"common_name": "nobody", "serial_number": "1"}]""");

        await Assert.ThrowsAsync<StepFailedException>(() => RunAsync(authority, CaFunction.IssuingCaCrl));

        Assert.Equal(["CrlInPlace", "RevocationProblem", "CrlPublished", "CaValidity"], facts.Select(fact => fact.Event));
    }

    [Fact]
    public async Task A_refusal_is_an_answer_and_its_text_stays_out_of_the_log()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        const string Secret = "nobody-shall-read-this";

        OperationResult refused = await RunAsync(authority, CaFunction.TlsCert, Encoding.UTF8.GetBytes($$"""{"common_name": "a", "base64_csr_data": "{{Secret}}"}"""));

        Assert.NotNull(JsonNode.Parse(refused.Json)!["error"]);
        Assert.Equal(("refused", null), (refused.Outcome, refused.Failure));
        Assert.Equal("Refused", facts[0].Event);
        Assert.DoesNotContain(facts, fact => fact.Message.Contains(Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(refused.Notes, note => note.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_certificate_serial_number_and_name_are_logged_and_nothing_secret()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        OperationResult issued = await RunAsync(authority, CaFunction.TlsCert, Encoding.UTF8.GetBytes(SomeRequests.Direct().ToJsonString()));

        OperationFact fact = facts[0];
        Assert.Equal("Issued", fact.Event);
        Assert.Equal(["SerialNumber", "CommonName", "Expires"], fact.Fields.Select(field => field.Key));
        Assert.Equal((issued.SerialNumber, issued.CommonName), ((string?)fact.Fields[0].Value, (string?)fact.Fields[1].Value));
    }

    private Task<OperationResult> RunAsync(TestAuthority authority, CaFunction function, ReadOnlyMemory<byte> input = default) =>
        new InvokeFunction(authority.Deployment, report: facts.Add).RunAsync(function, input, Cancellation);
}
