using ServerlessCA.Aws;
using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Watching;

/// <summary>Checks that every deployed alarm watches a metric that its service reports of a resource of the module, and goes off by
/// it.</summary>
public sealed class AlarmTests(DeployedModule module)
{
    // What services report, with which dimensions: their documentation. Of our own metrics see the filters.
    private static readonly HashSet<string> Reported = new(StringComparer.Ordinal)
    {
        "AWS/States ExecutionsAborted StateMachineArn", "AWS/States ExecutionsFailed StateMachineArn", "AWS/States ExecutionsTimedOut StateMachineArn",
        "AWS/Lambda Errors FunctionName", "AWS/Lambda Throttles FunctionName",
        "AWS/SNS NumberOfNotificationsFailed TopicName", "AWS/SNS NumberOfNotificationsFailedToRedriveToDlq TopicName",
        "AWS/SQS ApproximateNumberOfMessagesVisible QueueName",
        "AWS/Events FailedInvocations RuleName",
        "AWS/DynamoDB ReadThrottleEvents TableName", "AWS/DynamoDB WriteThrottleEvents TableName", "AWS/DynamoDB SystemErrors Operation,TableName",
        "AWS/DynamoDB ReadThrottleEvents GlobalSecondaryIndexName,TableName", "AWS/DynamoDB WriteThrottleEvents GlobalSecondaryIndexName,TableName",
    };

    [Fact]
    public async Task Every_alarm_watches_a_metric_that_is_reported_of_something_that_is_there()
    {
        IReadOnlyList<Resource> resources = await module.ResourcesAsync();
        HashSet<string> counted = [.. resources.Where(resource => resource.Type == "aws_cloudwatch_log_metric_filter")
            .Select(filter => filter.Values.GetProperty("metric_transformation")[0].GetProperty("name").GetString()!)];
        HashSet<string> names = [.. resources.SelectMany(NamesOf)];

        Assert.All(await AlarmsAsync(), alarm =>
        {
            Assert.True(alarm.IsValid, alarm.Name);
            Assert.All(alarm.Metrics, part =>
            {
                if (part.Metric.Namespace == "ServerlessCA")
                {
                    Assert.Contains(part.Metric.Name, counted);
                    Assert.Empty(part.Metric.Dimensions);
                    return;
                }

                Assert.Contains($"{part.Metric.Namespace} {part.Metric.Name} {part.Metric.DimensionNames}", Reported);
                Assert.All(
                    part.Metric.Dimensions.Split(',').Where(dimension => !dimension.StartsWith("Operation=", StringComparison.Ordinal)),
                    dimension => Assert.Contains(dimension[(dimension.IndexOf('=', StringComparison.Ordinal) + 1)..], names));
            });
        });
    }

    // Of every metric alone: so none of a sum is there in vain.
    [Fact]
    public async Task Every_alarm_goes_off_by_each_metric_that_it_watches_and_not_by_a_value_short_of_it()
    {
        IReadOnlyList<MetricAlarm> alarms = await AlarmsAsync();

        Assert.True(alarms.Count > 30, $"only {alarms.Count} alarms");
        Assert.All(alarms.Where(alarm => !alarm.Name.EndsWith("-Overdue", StringComparison.Ordinal)), alarm => Assert.All(alarm.Metrics, part =>
        {
            bool isLeast = alarm.Comparison.StartsWith("Less", StringComparison.Ordinal);
            Assert.Equal(AlarmState.Alarm, StateAfter(alarm, part.Metric, alarm.Threshold));
            Assert.NotEqual(AlarmState.Alarm, StateAfter(alarm, part.Metric, alarm.Threshold + (isLeast ? 1 : -1)));
            Assert.DoesNotContain(AlarmState.Alarm, alarm.StatesOver([], alarm.Period * 20));
        }));
    }

    [Fact]
    public async Task Every_alarm_notifies_the_topic_and_what_was_named_besides()
    {
        string topic = (await module.ResourceAsync("aws_sns_topic.notifications")).Text("arn");

        Assert.All(
            (await module.ResourcesAsync()).Where(resource => resource.Type == "aws_cloudwatch_metric_alarm"),
            alarm => Assert.Equal([DeployedModule.OnDuty, topic], alarm.Values.GetProperty("alarm_actions").EnumerateArray().Select(action => action.GetString()!).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Throttles_that_last_are_an_alarm_and_a_peak_is_none()
    {
        MetricAlarm alarm = await AlarmAsync("serverless-tls-cert-dev-Throttles");
        Metric throttles = alarm.Metrics.Single().Metric;

        AlarmState[] Over(params int[] periods) =>
            [.. alarm.StatesOver([.. periods.Select(number => new Sample(throttles, alarm.Period * number, 7))], alarm.Period * 12)];

        Assert.DoesNotContain(AlarmState.Alarm, Over(3, 4));
        Assert.DoesNotContain(AlarmState.Alarm, Over(1, 5, 9));
        Assert.Equal(AlarmState.Alarm, Over(3, 4, 5)[5]);
        Assert.Equal(AlarmState.Alarm, Over(3, 5, 6)[6]); // Lambda repeats an asynchronous call after five minutes at most
        Assert.Equal(AlarmState.Ok, Over(3, 4, 5)[11]);
    }

    // As many faults as a call is attempted may have ended one.
    [Theory]
    [InlineData("serverless-ca-Throttled-dev")]
    [InlineData("serverless-index-Throttled-dev")]
    [InlineData("serverless-ca-SystemErrors-dev")]
    [InlineData("serverless-index-SystemErrors-dev")]
    public async Task Faults_of_a_table_count_together_and_are_an_alarm_when_they_may_have_ended_a_call(string name)
    {
        MetricAlarm alarm = await AlarmAsync(name);
        int attempts = new AwsRetryPolicy().Attempts;
        Metric[] metrics = [.. alarm.Metrics.Select(part => part.Metric)];

        AlarmState After(int faults) => alarm.StatesOver(
            [.. Enumerable.Range(0, faults).Select(number => new Sample(metrics[number % metrics.Length], TimeSpan.FromSeconds(number), 1))], alarm.Period)[0];

        Assert.Equal((AlarmState.Ok, AlarmState.Alarm), (After(attempts - 1), After(attempts)));
    }

    // The metric of a table leaves out its indexes, and an alarm takes ten metrics at most.
    [Theory]
    [InlineData("ca", 4)]
    [InlineData("index", 3)]
    public async Task Throttled_calls_of_every_index_count_as_those_of_the_table(string table, int indexes)
    {
        Resource resource = await module.ResourceAsync($"aws_dynamodb_table.{table}");
        string[] names = [.. resource.Values.GetProperty("global_secondary_index").EnumerateArray().Select(index => index.GetProperty("name").GetString()!)];

        MetricAlarm alarm = await AlarmAsync($"serverless-{table}-Throttled-dev");

        Assert.Equal(indexes, names.Length);
        Assert.InRange(alarm.Metrics.Count, 1, 10);
        string[] watched = [.. alarm.Metrics.Select(part => $"{part.Metric.Name} {part.Metric.Dimensions}")];
        Assert.Equal(2 * (1 + names.Length), watched.Length);
        Assert.All(names, name => Assert.Equal(2, watched.Count(metric => metric.Contains($"GlobalSecondaryIndexName={name},", StringComparison.Ordinal))));
    }

    // SQS stops reporting of a queue that nobody touches: what is in it is still there.
    [Theory]
    [InlineData("serverless-ca-schedule-dead-letters-dev-Waiting")]
    [InlineData("serverless-ca-notifications-dead-letters-dev-Waiting")]
    public async Task The_alarm_of_a_dead_letter_stays_when_its_queue_falls_silent_and_ends_when_it_is_empty(string name)
    {
        MetricAlarm alarm = await AlarmAsync(name);
        Metric waiting = alarm.Metrics.Single().Metric;
        int emptied = 200;
        Sample[] samples = [new(waiting, default, 0), new(waiting, alarm.Period, 1), new(waiting, alarm.Period * 2, 1), new(waiting, alarm.Period * emptied, 0)];

        IReadOnlyList<AlarmState> states = alarm.StatesOver(samples, alarm.Period * (emptied + 5));

        Assert.Equal(AlarmState.Ok, states[0]);
        Assert.All(states.Skip(1).Take(emptied - 1), state => Assert.Equal(AlarmState.Alarm, state));
        Assert.All(states.Skip(emptied), state => Assert.Equal(AlarmState.Ok, state));
    }

    // The last two days of contract 12.29; a run every six hours says how many days are left.
    [Theory]
    [InlineData("serverless-root-ca-dev-NearEnd")]
    [InlineData("serverless-issuing-ca-dev-NearEnd")]
    public async Task A_CA_with_ninety_days_left_is_an_alarm_until_there_is_a_new_one(string name)
    {
        MetricAlarm alarm = await AlarmAsync(name);
        Metric days = alarm.Metrics.Single().Metric;
        TimeSpan end = TimeSpan.FromDays(12);
        IReadOnlyList<AlarmState> states = alarm.StatesOver(
            [.. Enumerable.Range(0, 4 * 12).Select(run => new Sample(days, TimeSpan.FromHours(6 * run), run < 4 * 10 ? 95 - (run / 4) : 3650))], end);

        int first = states.ToList().IndexOf(AlarmState.Alarm);

        Assert.Equal(TimeSpan.FromDays(5), alarm.Period * first); // the run that found 90 days
        Assert.All(states.Take(first), state => Assert.Equal(AlarmState.Ok, state));
        Assert.All(states.Skip(first).Take(5 * 24), state => Assert.Equal(AlarmState.Alarm, state)); // also between runs
        Assert.Equal(AlarmState.Ok, states[^1]);
    }

    [Theory]
    [InlineData("serverless-root-ca-dev-PublicCrl")]
    [InlineData("serverless-issuing-ca-dev-PublicCrl")]
    public async Task A_fault_of_the_public_URL_is_an_alarm_until_a_run_finds_none(string name)
    {
        MetricAlarm alarm = await AlarmAsync(name);
        Metric faults = alarm.Metrics.Single().Metric;

        IReadOnlyList<AlarmState> states = alarm.StatesOver(
            [new(faults, TimeSpan.FromHours(6), 1), new(faults, TimeSpan.FromHours(12), 1)], TimeSpan.FromHours(36));

        Assert.Equal(AlarmState.Ok, states[5]);
        Assert.All(states.Skip(6).Take(12), state => Assert.Equal(AlarmState.Alarm, state));
        Assert.Equal(AlarmState.Ok, states[^1]);
    }

    private static AlarmState StateAfter(MetricAlarm alarm, Metric metric, double value) => alarm.StatesOver(
        [.. Enumerable.Range(0, alarm.ToAlarm).Select(number => new Sample(metric, alarm.Period * number, value))], alarm.Period * alarm.ToAlarm)[^1];

    private static IEnumerable<string> NamesOf(Resource resource) => ((string[])["name", "arn", "function_name"])
        .Where(attribute => resource.Values.TryGetProperty(attribute, out System.Text.Json.JsonElement value) && value.ValueKind == System.Text.Json.JsonValueKind.String)
        .Select(resource.Text)
        .Concat(resource.Values.TryGetProperty("global_secondary_index", out System.Text.Json.JsonElement indexes)
            ? indexes.EnumerateArray().Select(index => index.GetProperty("name").GetString()!)
            : []);

    private async Task<IReadOnlyList<MetricAlarm>> AlarmsAsync() =>
        [.. (await module.ResourcesAsync()).Where(resource => resource.Type == "aws_cloudwatch_metric_alarm").Select(MetricAlarm.Of)];

    private async Task<MetricAlarm> AlarmAsync(string name) => (await AlarmsAsync()).Single(alarm => alarm.Name == name);
}
