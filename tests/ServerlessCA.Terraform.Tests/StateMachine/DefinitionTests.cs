using System.Text.Json;
using ServerlessCA.Emulators;

namespace ServerlessCA.Terraform.Tests.StateMachine;

/// <summary>What the interpreter does not show: the retries' times and the map's reader.</summary>
public sealed class DefinitionTests
{
    [Fact]
    public async Task Every_task_retries_the_Lambda_service_after_2_seconds_doubled_6_times()
    {
        JsonElement states = await StatesAsync();

        JsonElement[] tasks = [.. Tasks(states)];

        Assert.Equal(6, tasks.Length);
        Assert.All(tasks, task =>
        {
            JsonElement retry = task.GetProperty("Retry").EnumerateArray().Single();
            Assert.Equal(
                ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException"],
                retry.GetProperty("ErrorEquals").EnumerateArray().Select(error => error.GetString()!));
            Assert.Equal(
                (2, 2, 6),
                (retry.GetProperty("IntervalSeconds").GetInt32(), retry.GetProperty("BackoffRate").GetInt32(), retry.GetProperty("MaxAttempts").GetInt32()));
        });
    }

    [Fact]
    public async Task The_map_reads_tls_json_and_runs_up_to_a_thousand_at_once()
    {
        JsonElement map = (await StatesAsync()).GetProperty("Issue certificates");

        Assert.Equal(1000, map.GetProperty("MaxConcurrency").GetInt32());
        Assert.Equal("DISTRIBUTED", map.GetProperty("ItemProcessor").GetProperty("ProcessorConfig").GetProperty("Mode").GetString());
        Assert.Equal(
            """{"Bucket":"internal","Key":"tls.json"}""",
            map.GetProperty("ItemReader").GetProperty("Parameters").GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
    }

    // Step Functions' catch-all leaves this one out.
    [Fact]
    public async Task An_overflow_of_the_results_is_caught_by_name()
    {
        JsonElement map = (await StatesAsync()).GetProperty("Issue certificates");

        Assert.Contains("States.DataLimitExceeded", map.GetProperty("Catch").GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> StatesAsync()
    {
        StateMachineDefinition.SkipUnlessRunnable();
        StateMachineDefinition definition = await StateMachineDefinition.RenderAsync(
            gitops: true, expiry: true, "acme", "dev", TestContext.Current.CancellationToken);
        return JsonElement.Parse(definition.Json).GetProperty("States");
    }

    private static IEnumerable<JsonElement> Tasks(JsonElement states) => states.EnumerateObject()
        .Select(state => state.Value)
        .SelectMany(state => state.TryGetProperty("ItemProcessor", out JsonElement inner) ? Tasks(inner.GetProperty("States")) : [state])
        .Where(state => state.GetProperty("Type").GetString() == "Task");
}
