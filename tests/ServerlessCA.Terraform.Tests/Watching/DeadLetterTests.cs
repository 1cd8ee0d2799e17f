using System.Text.Json;
using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Permissions;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Watching;

/// <summary>Checks the queues for what was not delivered, or not started: who may write into which, and that they do.</summary>
public sealed class DeadLetterTests(DeployedModule module)
{
    private const string Rules = "arn:aws:events:eu-west-2:123456789012:rule/";

    [Theory]
    [InlineData("sns.amazonaws.com", "sqs:SendMessage", "topic", true)]
    [InlineData("sns.amazonaws.com", "sqs:SendMessage", "arn:aws:sns:eu-west-2:123456789012:other", false)]
    [InlineData("sns.amazonaws.com", "sqs:ReceiveMessage", "topic", false)]
    [InlineData("events.amazonaws.com", "sqs:SendMessage", Rules + "serverless-ca-key-calls-dev", true)]
    [InlineData("events.amazonaws.com", "sqs:SendMessage", Rules + "serverless-tables-key-calls-dev", true)]
    [InlineData("events.amazonaws.com", "sqs:SendMessage", Rules + "serverless-key-deleted-dev", true)]
    [InlineData("events.amazonaws.com", "sqs:SendMessage", Rules + "other", false)]
    [InlineData("s3.amazonaws.com", "sqs:SendMessage", "arn:aws:s3:::other", false)]
    public async Task The_topic_and_the_rules_of_keys_write_into_the_queue_of_notifications_and_nobody_else(string service, string action, string source, bool may)
    {
        IamJudge.SkipUnlessInstalled();
        IReadOnlyList<Resource> resources = await module.ResourcesAsync();
        var stack = new Stack(resources);
        string arn = source == "topic" ? (await module.ResourceAsync("aws_sns_topic.notifications")).Text("arn") : source;

        Assert.Equal([may, false], await IamJudge.AllowedAsync(
        [
            stack.Ask(service, null, action, "dead-letters:notifications", ("aws:SourceArn", arn)),
            stack.Ask(service, null, action, "dead-letters:schedule", ("aws:SourceArn", arn)),
        ]));
    }

    [Fact]
    public async Task Nobody_writes_without_TLS()
    {
        IamJudge.SkipUnlessInstalled();
        var stack = new Stack(await module.ResourcesAsync());

        Assert.Equal([true, false], await IamJudge.AllowedAsync(((string[])["true", "false"]).Select(tls =>
            stack.Outsider(Stack.Everything, "sqs:SendMessage", "dead-letters:schedule", ("aws:SecureTransport", tls))).ToArray()));
    }

    [Fact]
    public async Task Every_schedule_and_every_subscriber_that_is_a_function_or_a_queue_has_its_queue()
    {
        IReadOnlyList<Resource> resources = await module.ResourcesAsync();
        string Queue(string use) => resources.Single(resource => resource.Address == $"module.ca.aws_sqs_queue.dead_letters[\"{use}\"]").Text("arn");

        Resource[] schedules = [.. resources.Where(resource => resource.Type == "aws_scheduler_schedule")];
        Assert.Equal(3, schedules.Length);
        Assert.All(schedules, schedule => Assert.Equal(
            Queue("schedule"), schedule.Values.GetProperty("target")[0].GetProperty("dead_letter_config")[0].GetProperty("arn").GetString()));

        Resource[] subscriptions = [.. resources.Where(resource => resource.Type == "aws_sns_topic_subscription" && resource.Text("protocol") != "email")];
        Assert.Equal(3, subscriptions.Length); // Slack's function, another one, and a queue
        Assert.All(subscriptions, subscription => Assert.Equal(
            Queue("notifications"), JsonElement.Parse(subscription.Text("redrive_policy")).GetProperty("deadLetterTargetArn").GetString()));

        Resource[] targets = [.. resources.Where(resource => resource.Type == "aws_cloudwatch_event_target")];
        Assert.Equal(3, targets.Length);
        Assert.All(targets, target => Assert.Equal(
            Queue("notifications"), target.Values.GetProperty("dead_letter_config")[0].GetProperty("arn").GetString()));
    }
}
