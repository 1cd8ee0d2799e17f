using System.Text.Json;
using ServerlessCA.Emulators;

namespace ServerlessCA.Terraform.Tests.StateMachine;

/// <summary>Checks that every step runs, whatever happened to the others, and that the run fails if one failed and says
/// which (contract 4 and 12.16).</summary>
public sealed class StateMachineTests : IDisposable
{
    private static readonly string[] CaSteps =
        ["acme-create-root-ca-dev", "acme-root-ca-crl-dev", "acme-create-issuing-ca-dev", "acme-issuing-ca-crl-dev"];

    private readonly string tlsJson = Path.GetTempFileName();

    public static TheoryData<bool, bool> Variants => new() { { true, true }, { true, false }, { false, true }, { false, false } };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(tlsJson);

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Each_variant_runs_its_steps_in_order(bool gitops, bool expiry)
    {
        await using LambdaStub lambda = await StartAsync();

        StateMachineEnd end = await RunAsync(lambda, """[{"common_name": "one"}]""", gitops, expiry);

        Assert.True(end.Succeeded, end.Cause);
        string[] certificates = gitops ? ["acme-tls-cert-dev", "acme-tls-cert-dev"] : [];
        string[] reminders = expiry ? ["acme-expiry-dev"] : [];
        Assert.Equal([.. CaSteps, .. certificates, .. reminders], lambda.Functions);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Where_everything_fails_everything_was_tried_and_is_named(bool gitops, bool expiry)
    {
        await using LambdaStub lambda = await StartAsync((_, _) => StubAnswer.Fault("OutOfOrder"));

        StateMachineEnd end = await RunAsync(lambda, """[{"common_name": "one"}]""", gitops, expiry);

        Assert.Equal("PipelineFailed", end.Error);
        Assert.Equal(4 + (gitops ? 2 : 0) + (expiry ? 1 : 0), lambda.Calls.Count);
        Assert.All(CaSteps, step => Assert.Contains($"{step[5..^4]} OutOfOrder", end.Cause, StringComparison.Ordinal));
        Assert.Equal(expiry, end.Cause!.Contains("expiry OutOfOrder", StringComparison.Ordinal));
        Assert.Contains($"failed: {(gitops ? 1 : 0)} ", end.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create-root-ca")]
    [InlineData("root-ca-crl")]
    [InlineData("create-issuing-ca")]
    [InlineData("issuing-ca-crl")]
    [InlineData("expiry")]
    public async Task A_failing_step_stops_no_other_and_is_named(string failing)
    {
        await using LambdaStub lambda = await StartAsync(
            (name, _) => name == $"acme-{failing}-dev" ? StubAnswer.Fault("KeyIsDisabled") : StubAnswer.Success);

        StateMachineEnd end = await RunAsync(lambda, """[{"common_name": "one"}]""");

        Assert.Equal([.. CaSteps, "acme-tls-cert-dev", "acme-tls-cert-dev", "acme-expiry-dev"], lambda.Functions);
        Assert.Equal(("FAILED", "PipelineFailed"), (end.Status, end.Error));
        Assert.Contains($"{failing} KeyIsDisabled;", end.Cause, StringComparison.Ordinal);
        Assert.Equal(5, end.Cause!.Split(" none").Length - 1);
    }

    [Fact]
    public async Task Entries_that_fail_are_counted_and_named_and_stop_no_other()
    {
        await using LambdaStub lambda = await StartAsync((_, payload) =>
            payload.Contains("broken", StringComparison.Ordinal) ? StubAnswer.Fault("IOException") : StubAnswer.Success);

        StateMachineEnd end = await RunAsync(lambda, """
            [{"common_name": "one"}, {"common_name": "broken.example"}, {"csr_file": "broken.csr"}, "broken", 7, {"common_name": "two"}]
            """);

        Assert.Equal(6, Entries(lambda).Length);
        Assert.Equal("acme-expiry-dev", lambda.Functions[^1]);
        Assert.Contains("""failed: 3 [{"Position":2,"CommonName":"broken.example","Error":"IOException"},""", end.Cause, StringComparison.Ordinal);
        Assert.Contains("""{"Position":3,"Error":"IOException"},{"Position":4,"Error":"IOException"}]""", end.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_are_results()
    {
        await using LambdaStub lambda = await StartAsync((_, _) => StubAnswer.Refusal);

        StateMachineEnd end = await RunAsync(lambda, """[{"common_name": "one"}, {"common_name": "two"}]""");

        Assert.True(end.Succeeded, end.Cause);
    }

    [Fact]
    public async Task An_entry_reaches_the_function_unchanged()
    {
        const string Entry = """{"common_name":"é \" 試","sans":[{"type":"DNS_NAME","value":"a"}],"lifetime":90,"force_issue":true,"country":null}""";
        await using LambdaStub lambda = await StartAsync();

        await RunAsync(lambda, $"[{Entry}]");

        string payload = Entries(lambda).Single();
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Entry), JsonElement.Parse(payload)), payload);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not JSON")]
    [InlineData("""{"common_name": "no list"}""")]
    public async Task A_list_that_cannot_be_read_is_a_failure_and_reminders_go_out(string? content)
    {
        await using LambdaStub lambda = await StartAsync();

        StateMachineEnd end = await RunAsync(lambda, content);

        Assert.Contains("tls-cert States.ItemReaderFailed", end.Cause, StringComparison.Ordinal);
        Assert.Equal([.. CaSteps, "acme-tls-cert-dev", "acme-expiry-dev"], lambda.Functions);
    }

    [Fact]
    public async Task An_empty_list_is_no_failure()
    {
        await using LambdaStub lambda = await StartAsync();

        Assert.True((await RunAsync(lambda, "[]")).Succeeded);
    }

    [Theory]
    [InlineData(nameof(StubAnswer.Throttled), 121, "Lambda.TooManyRequestsException")]
    [InlineData("LedgerUnavailableException", 21, "LedgerUnavailableException")]
    [InlineData("CaKeyUnavailableException", 21, "CaKeyUnavailableException")]
    [InlineData("FilesUnavailableException", 21, "FilesUnavailableException")]
    [InlineData("DeadlineExceededException", 4, "DeadlineExceededException")]
    [InlineData("StepFailedException", 1, "StepFailedException")]
    [InlineData("InvalidSettingsException", 1, "InvalidSettingsException")]
    public async Task A_step_is_tried_as_often_as_its_error_deserves(string answer, int times, string error)
    {
        StubAnswer given = answer == nameof(StubAnswer.Throttled) ? StubAnswer.Throttled : StubAnswer.Fault(answer);
        await using LambdaStub lambda = await StartAsync((name, _) => name == "acme-root-ca-crl-dev" ? given : StubAnswer.Success);

        StateMachineEnd end = await RunAsync(lambda, "[]");

        Assert.Equal(times, lambda.Functions.Count(name => name == "acme-root-ca-crl-dev"));
        Assert.Contains($"root-ca-crl {error}", end.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_whose_tries_fail_at_first_is_issued()
    {
        int calls = 0;
        await using LambdaStub lambda = await StartAsync((name, payload) =>
            name != "acme-tls-cert-dev" || IsSearch(payload) ? StubAnswer.Success
            : Interlocked.Increment(ref calls) switch
            {
                <= 100 => StubAnswer.Throttled,
                <= 115 => StubAnswer.Fault("LedgerUnavailableException"),
                <= 118 => StubAnswer.Fault("Sandbox.Timedout"),
                _ => StubAnswer.Success,
            });

        StateMachineEnd end = await RunAsync(lambda, """[{"common_name": "one"}]""");

        Assert.True(end.Succeeded, end.Cause);
        Assert.Equal(119, calls);
    }

    [Fact]
    public async Task Settled_entries_end_as_any_other_that_went_well_without_a_call()
    {
        await using LambdaStub lambda = await StartAsync((_, payload) =>
            IsSearch(payload) ? new StubAnswer(200, false, """{"Settled": [0, 2, 10, 99]}""") : StubAnswer.Success);
        string entries = JsonSerializer.Serialize(Enumerable.Range(0, 12).Select(number => new { common_name = $"{number}" }));

        StateMachineEnd end = await RunAsync(lambda, entries);

        Assert.True(end.Succeeded, end.Cause);
        Assert.Equal(
            ["1", "3", "4", "5", "6", "7", "8", "9", "11"],
            Entries(lambda).Select(entry => JsonElement.Parse(entry).GetProperty("common_name").GetString()!).OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal));
        Assert.Equal(Enumerable.Repeat("0", 12), end.Results.Select(result => result.GetRawText()));
    }

    // An answer of another form comes from a former function.
    [Theory]
    [InlineData(true, "OutOfOrder")]
    [InlineData(true, "LedgerUnavailableException")]
    [InlineData(false, """{"Settled": []}""")]
    [InlineData(false, """{"error": "common_name is missing: name the subject of the certificate"}""")]
    [InlineData(false, "null")]
    public async Task A_search_without_a_result_costs_no_entry_and_fails_no_run(bool fails, string answer)
    {
        await using LambdaStub lambda = await StartAsync((_, payload) =>
            !IsSearch(payload) ? StubAnswer.Success : fails ? StubAnswer.Fault(answer) : new StubAnswer(200, false, answer));

        StateMachineEnd end = await RunAsync(lambda, """[{"common_name": "one"}, {"common_name": "two"}]""");

        Assert.True(end.Succeeded, end.Cause);
        Assert.Equal(2, Entries(lambda).Length);
    }

    [Fact]
    public async Task The_results_of_tens_of_thousands_of_entries_stay_below_the_limit_of_256_KB()
    {
        await using LambdaStub lambda = await StartAsync((_, payload) =>
            payload.Contains("broken", StringComparison.Ordinal) ? StubAnswer.Fault("IOException") : StubAnswer.Success);

        StateMachineEnd end = await RunAsync(lambda, $$"""[{"common_name": "one"}, {"common_name": "broken.{{new string('x', 57)}}"}]""");

        int[] bytes = [.. end.Results.Select(result => result.GetRawText().Length + 1)];
        Assert.True((50_000 * bytes[0]) + (1_000 * bytes[1]) < 256 * 1024, string.Join(", ", bytes));
    }

    [Fact]
    public async Task The_cause_of_many_failures_stays_below_its_limit_of_32_768_characters()
    {
        await using LambdaStub lambda = await StartAsync((_, _) => StubAnswer.Fault(new string('E', 200)));

        StateMachineEnd end = await RunAsync(lambda, JsonSerializer.Serialize(
            Enumerable.Range(0, 100).Select(number => new { common_name = $"{number}.{new string('x', 60)}" })));

        Assert.Contains("failed: 100 [", end.Cause, StringComparison.Ordinal);
        Assert.True(end.Cause!.Length < 32_768, end.Cause);
    }

    private static bool IsSearch(string payload) => payload.Contains("settled_entries_of", StringComparison.Ordinal);

    private static string[] Entries(LambdaStub lambda) =>
        [.. lambda.Calls.Where(call => call.Function == "acme-tls-cert-dev" && !IsSearch(call.Payload)).Select(call => call.Payload)];

    private static Task<LambdaStub> StartAsync(Func<string, string, StubAnswer>? answer = null)
    {
        StateMachineDefinition.SkipUnlessRunnable();
        return LambdaStub.StartAsync(answer);
    }

    private async Task<StateMachineEnd> RunAsync(LambdaStub lambda, string? entries, bool gitops = true, bool expiry = true)
    {
        StateMachineDefinition definition = await StateMachineDefinition.RenderAsync(gitops, expiry, "acme", "dev", Cancellation);
        if (entries is null)
        {
            File.Delete(tlsJson);
        }
        else
        {
            await File.WriteAllTextAsync(tlsJson, entries, Cancellation);
        }

        return await definition.RunAsync(tlsJson, lambda.Address, Cancellation);
    }
}
