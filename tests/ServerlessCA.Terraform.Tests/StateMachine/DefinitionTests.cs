using System.Text.Json;
using ServerlessCA.Emulators;
using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.StateMachine;

/// <summary>Checks what the interpreter does not show: the retries and their pauses, and the map's reader.</summary>
public sealed class DefinitionTests(DeployedModule module)
{
    [Fact]
    public async Task Every_task_tries_again_by_the_same_table()
    {
        JsonElement[] tasks = [.. Tasks(await StatesAsync())];

        Assert.Equal(7, tasks.Length);
        Assert.Single(tasks.Select(task => task.GetProperty("Retry").GetRawText()).Distinct());
    }

    // The contract of the functions' errors: docs/functions.md. AwsCallException comes from notify, which the topic
    // calls.
    [Fact]
    public async Task What_the_functions_say_to_try_again_is_tried_again_and_nothing_that_a_person_has_to_mend()
    {
        string[] tried = [.. (await PolicyAsync()).Retriers.SelectMany(retrier => retrier.Errors)];
        (string Type, bool TryAgain)[] documented = [.. ErrorTable()];

        Assert.Equal(13, documented.Length);
        Assert.Equal(
            ["CaKeyUnavailableException", "DeadlineExceededException", "FilesUnavailableException", "LedgerUnavailableException"],
            documented.Where(error => error.TryAgain && error.Type != "AwsCallException").Select(error => error.Type).Order(StringComparer.Ordinal));
        Assert.Equal(
            documented.Where(error => error.TryAgain && error.Type != "AwsCallException").Select(error => error.Type).Order(StringComparer.Ordinal),
            tried.Where(error => !error.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["Lambda.AWSLambdaException", "Lambda.ClientExecutionTimeoutException", "Lambda.SdkClientException", "Lambda.ServiceException",
                "Lambda.TooManyRequestsException", "Lambda.Unknown", "Runtime.ExitError", "Sandbox.Timedout"],
            tried.Where(error => error.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Distinct(tried);
    }

    [Fact]
    public async Task Tries_are_spread_and_never_far_apart()
    {
        Assert.All((await PolicyAsync()).Retriers, retrier =>
        {
            Assert.True(retrier.IsSpread, "JitterStrategy is not FULL");
            Assert.InRange(retrier.Wait(retrier.MaxAttempts - 1, random: 1), 5, 30);
        });
    }

    [Theory]
    [InlineData("Lambda.TooManyRequestsException", 1500, 2400)]
    [InlineData("LedgerUnavailableException", 200, 400)]
    [InlineData("Lambda.ServiceException", 200, 400)]
    [InlineData("DeadlineExceededException", 10, 60)]
    public async Task How_long_an_error_is_borne_depends_on_how_it_passes(string error, double atLeast, double atMost)
    {
        Retrier retrier = Assert.Single((await PolicyAsync()).Retriers, retrier => retrier.Errors.Contains(error));

        Assert.InRange(retrier.TotalWait, atLeast, atMost);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(1000)]
    public async Task The_map_reads_tls_json_and_looks_at_max_concurrency_entries_at_once(int maxConcurrency)
    {
        JsonElement map = (await StatesAsync(maxConcurrency)).GetProperty("Issue certificates");

        Assert.Equal(maxConcurrency, map.GetProperty("MaxConcurrency").GetInt32());
        Assert.Equal("DISTRIBUTED", map.GetProperty("ItemProcessor").GetProperty("ProcessorConfig").GetProperty("Mode").GetString());
        Assert.Equal(
            """{"Bucket":"internal","Key":"tls.json"}""",
            map.GetProperty("ItemReader").GetProperty("Parameters").GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_module_has_forty_entries_at_once_by_default()
    {
        Resource machine = await module.ResourceAsync("aws_sfn_state_machine.pipeline");

        JsonElement map = JsonElement.Parse(machine.Text("definition")).GetProperty("States").GetProperty("Issue certificates");

        Assert.Equal(StateMachineDefinition.DefaultMaxConcurrency, map.GetProperty("MaxConcurrency").GetInt32());
    }

    // Step Functions' catch-all does not include this one.
    [Theory]
    [InlineData("Issue certificates")]
    [InlineData("Find settled entries")]
    public async Task An_overflow_of_the_results_is_caught_by_name(string state)
    {
        JsonElement large = (await StatesAsync()).GetProperty(state);

        Assert.Contains("States.DataLimitExceeded", large.GetProperty("Catch").GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<RetryPolicy> PolicyAsync() => RetryPolicy.Of(Tasks(await StatesAsync()).First().GetProperty("Retry"));

    private static IEnumerable<(string Type, bool TryAgain)> ErrorTable() => File.ReadLines(Repository.At("docs", "functions.md"))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Where(cells => cells.Length == 5 && cells[1].EndsWith("Exception`", StringComparison.Ordinal))
        .SelectMany(cells => cells[1].Split(", ").Select(type => (type.Trim('`'), cells[3] == "yes")));

    private static async Task<JsonElement> StatesAsync(int maxConcurrency = StateMachineDefinition.DefaultMaxConcurrency)
    {
        StateMachineDefinition.SkipUnlessRunnable();
        StateMachineDefinition definition = await StateMachineDefinition.RenderAsync(
            gitops: true, expiry: true, "acme", "dev", TestContext.Current.CancellationToken, maxConcurrency);
        return JsonElement.Parse(definition.Json).GetProperty("States");
    }

    private static IEnumerable<JsonElement> Tasks(JsonElement states) => states.EnumerateObject()
        .Select(state => state.Value)
        .SelectMany(state => state.TryGetProperty("ItemProcessor", out JsonElement inner) ? Tasks(inner.GetProperty("States")) : [state])
        .Where(state => state.GetProperty("Type").GetString() == "Task");
}
