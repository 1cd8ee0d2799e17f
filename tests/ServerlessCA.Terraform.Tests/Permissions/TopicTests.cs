using ServerlessCA.Terraform.Tests.Deployment;

namespace ServerlessCA.Terraform.Tests.Permissions;

/// <summary>Who does what with the topic and with the stack's own key, besides the functions: as with the original.</summary>
public sealed class TopicTests(DeployedModule module)
{
    private const string Workload = "arn:aws:iam::111122223333:role/subscriber";
    private const string Logs = "logs.eu-west-2.amazonaws.com";
    private const string LogContext = "kms:EncryptionContext:aws:logs:arn";

    [Theory]
    [InlineData("sns:Subscribe", true)]
    [InlineData("sns:ListSubscriptionsByTopic", true)]
    [InlineData("sns:Publish", false)]
    [InlineData("sns:SetTopicAttributes", false)]
    [InlineData("sns:AddPermission", false)]
    [InlineData("sns:DeleteTopic", false)]
    public async Task The_workload_account_subscribes_and_lists_subscriptions(string action, bool may)
    {
        Stack stack = await StackAsync();

        Assert.Equal([may, false], await IamJudge.AllowedAsync(
        [
            stack.Ask(Workload, Stack.Everything, action, "topic"),
            stack.Ask("arn:aws:iam::999999999999:role/stranger", Stack.Everything, action, "topic"),
        ]));
    }

    [Theory]
    [InlineData("kms:Encrypt", true)]
    [InlineData("kms:Decrypt", true)]
    [InlineData("kms:ReEncryptFrom", true)]
    [InlineData("kms:GenerateDataKey", true)]
    [InlineData("kms:DescribeKey", true)]
    [InlineData("kms:CreateGrant", false)]
    [InlineData("kms:PutKeyPolicy", false)]
    public async Task Log_groups_of_this_account_may_be_encrypted_with_the_stacks_own_key(string action, bool may)
    {
        Stack stack = await StackAsync();

        Assert.Equal([may, false, false], await IamJudge.AllowedAsync(
        [
            stack.Ask(Logs, null, action, "key:logs", (LogContext, $"arn:aws:logs:eu-west-2:{DeployedModule.Account}:log-group:/aws/lambda/one")),
            stack.Ask(Logs, null, action, "key:logs", (LogContext, "arn:aws:logs:eu-west-2:999999999999:log-group:/aws/lambda/one")),
            stack.Ask(Logs, null, action, "key:root", (LogContext, $"arn:aws:logs:eu-west-2:{DeployedModule.Account}:log-group:/aws/lambda/one")),
        ]));
    }

    private async Task<Stack> StackAsync()
    {
        IamJudge.SkipUnlessInstalled();
        return new Stack(await module.ResourcesAsync());
    }
}
