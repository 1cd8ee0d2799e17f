using ServerlessCA.Terraform.Tests.Deployment;

namespace ServerlessCA.Terraform.Tests.Permissions;

/// <summary>Checks that rows of CAs are written only by functions that create them, revoke them and count their
/// CRLs.</summary>
public sealed class CaRowTests(DeployedModule module)
{
    private const string Root = "serverless-root-ca-dev";
    private const string Issuing = "serverless-issuing-ca-dev";
    private const string EndEntity = "one.example.com";

    [Theory]
    [InlineData("tls-cert", "PutItem", EndEntity, true)]
    [InlineData("tls-cert", "PutItem", Root, false)]
    [InlineData("tls-cert", "PutItem", Issuing, false)]
    [InlineData("expiry", "UpdateItem", EndEntity, true)]
    [InlineData("expiry", "UpdateItem", Root, false)]
    [InlineData("expiry", "UpdateItem", Issuing, false)]
    [InlineData("create-root-ca", "PutItem", Root, true)]
    [InlineData("create-root-ca", "PutItem", Issuing, false)]
    [InlineData("create-issuing-ca", "PutItem", Issuing, true)]
    [InlineData("create-issuing-ca", "PutItem", Root, false)]
    [InlineData("issuing-ca-crl", "UpdateItem", Issuing, true)]
    [InlineData("issuing-ca-crl", "UpdateItem", EndEntity, true)]
    [InlineData("issuing-ca-crl", "UpdateItem", Root, false)]
    [InlineData("root-ca-crl", "UpdateItem", Root, true)]
    [InlineData("root-ca-crl", "UpdateItem", Issuing, true)]
    public async Task A_function_writes_the_rows_that_it_has_to(string function, string action, string row, bool may)
    {
        Stack stack = await StackAsync();

        Assert.Equal([may], await IamJudge.AllowedAsync(
            [stack.Function(function, $"dynamodb:{action}", "table", ("dynamodb:LeadingKeys", (string[])[row]))]));
    }

    // Even if the role had every other right: one key of a CA in a transaction is enough.
    [Theory]
    [InlineData("PutItem")]
    [InlineData("UpdateItem")]
    [InlineData("DeleteItem")]
    [InlineData("BatchWriteItem")]
    public async Task No_right_that_is_added_lets_tls_cert_change_a_CA(string action)
    {
        Stack stack = await StackAsync();
        string own = stack.Function("tls-cert", "dynamodb:PutItem", "table").Policies[0];

        IReadOnlyList<bool> allowed = await IamJudge.AllowedAsync([.. ((string[][])[[EndEntity], [Root], [Issuing], [EndEntity, Issuing]])
            .Select(rows => stack.Outsider(own, $"dynamodb:{action}", "table", ("dynamodb:LeadingKeys", rows)))
            .Select(question => question with { Policies = [own, Stack.Everything] })]);

        Assert.Equal([true, false, false, false], allowed);
    }

    [Theory]
    [InlineData("tls-cert")]
    [InlineData("expiry")]
    public async Task A_function_that_may_not_write_the_rows_of_CAs_reads_them(string function)
    {
        Stack stack = await StackAsync();

        Assert.Equal([true, true], await IamJudge.AllowedAsync(
        [
            stack.Function(function, "dynamodb:GetItem", "table", ("dynamodb:LeadingKeys", (string[])[Issuing])),
            stack.Function(function, "dynamodb:Query", "table", ("dynamodb:LeadingKeys", (string[])[Root])),
        ]));
    }

    private async Task<Stack> StackAsync()
    {
        IamJudge.SkipUnlessInstalled();
        return new Stack(await module.ResourcesAsync());
    }
}
