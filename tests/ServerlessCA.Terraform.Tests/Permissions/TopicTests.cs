using ServerlessCA.Terraform.Tests.Deployment;

namespace ServerlessCA.Terraform.Tests.Permissions;

/// <summary>Checks who may use the topic besides the functions: the same as with the original.</summary>
public sealed class TopicTests(DeployedModule module)
{
    private const string Workload = "arn:aws:iam::111122223333:role/subscriber";

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

    private async Task<Stack> StackAsync()
    {
        IamJudge.SkipUnlessInstalled();
        return new Stack(await module.ResourcesAsync());
    }
}
