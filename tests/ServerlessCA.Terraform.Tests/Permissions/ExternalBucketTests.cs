using ServerlessCA.Terraform.Tests.Deployment;

namespace ServerlessCA.Terraform.Tests.Permissions;

/// <summary>Checks access to the external bucket: everybody downloads CRLs over http, for which CloudFront uses its
/// viewer's protocol; everything else needs TLS.</summary>
public sealed class ExternalBucketTests(DeployedModule module, PrivateModule closed)
{
    private const string CloudFront = "cloudfront.amazonaws.com";
    private const string Reader = "arn:aws:iam::111122223333:role/app";
    private const string Crl = "external:serverless-issuing-ca-dev.crl";

    private static readonly (string, object) Http = ("aws:SecureTransport", "false");
    private static readonly (string, object) Https = ("aws:SecureTransport", "true");
    private static readonly (string, object) Distribution = ("aws:SourceArn", $"arn:aws:cloudfront::{DeployedModule.Account}:distribution/E1");

    private static readonly (string, object)[] OfAccount =
        [("aws:PrincipalAccount", DeployedModule.Account), ("aws:PrincipalIsAWSService", "false")];

    private static readonly (string, object)[] OfReader = [("aws:PrincipalAccount", "111122223333"), ("aws:PrincipalIsAWSService", "false")];

    private static readonly (string, object)[] OfService = [("aws:PrincipalIsAWSService", "true"), Distribution];

    [Fact]
    public async Task CloudFront_reads_public_files_by_http_and_by_https()
    {
        Stack stack = await StackAsync(module);

        Assert.Equal([true, true, true, true], await IamJudge.AllowedAsync(
        [
            stack.Ask(CloudFront, null, "s3:GetObject", Crl, [Http, .. OfService]),
            stack.Ask(CloudFront, null, "s3:GetObject", Crl, [Https, .. OfService]),
            stack.Ask(stack.OldIdentity, null, "s3:GetObject", Crl, Http),
            stack.Ask(stack.OldIdentity, null, "s3:GetObject", Crl, Https),
        ]));
    }

    [Theory]
    [InlineData("s3:GetObjectVersion", Crl)]
    [InlineData("s3:GetObjectTagging", Crl)]
    [InlineData("s3:PutObject", Crl)]
    [InlineData("s3:DeleteObject", Crl)]
    [InlineData("s3:ListBucket", "external:")]
    [InlineData("s3:GetObject", "internal:tls.json")]
    public async Task CloudFront_does_nothing_else(string action, string resource)
    {
        Stack stack = await StackAsync(module);

        Assert.Equal([false, false, false, false], await IamJudge.AllowedAsync(
        [
            stack.Ask(CloudFront, null, action, resource, [Http, .. OfService]),
            stack.Ask(CloudFront, null, action, resource, [Https, .. OfService]),
            stack.Ask(stack.OldIdentity, null, action, resource, Http),
            stack.Ask(stack.OldIdentity, null, action, resource, Https),
        ]));
    }

    [Fact]
    public async Task A_distribution_of_another_account_is_refused_and_so_is_who_names_none()
    {
        Stack stack = await StackAsync(module);
        (string, object) other = ("aws:SourceArn", "arn:aws:cloudfront::999999999999:distribution/E1");
        (string, object) nearly = ("aws:SourceArn", $"arn:aws:cloudfront::{DeployedModule.Account}:function/E1");

        Assert.Equal([true, false, false, false], await IamJudge.AllowedAsync(
        [
            stack.Ask(CloudFront, null, "s3:GetObject", Crl, Distribution),
            stack.Ask(CloudFront, null, "s3:GetObject", Crl, other),
            stack.Ask(CloudFront, null, "s3:GetObject", Crl, nearly),
            stack.Ask(CloudFront, null, "s3:GetObject", Crl, ("aws:SourceAccount", DeployedModule.Account)),
        ]));
    }

    [Theory]
    [InlineData("s3:GetObject", Crl)]
    [InlineData("s3:GetObjectVersion", Crl)]
    [InlineData("s3:PutObject", Crl)]
    [InlineData("s3:ListBucket", "external:")]
    [InlineData("s3:GetObject", "internal:tls.json")]
    [InlineData("s3:PutObject", "internal:tls.json")]
    public async Task Even_a_principal_with_every_right_in_the_account_needs_TLS(string action, string resource)
    {
        foreach (DeployedModule one in (DeployedModule[])[module, closed])
        {
            Stack stack = await StackAsync(one);

            Assert.Equal([true, false], await IamJudge.AllowedAsync(
            [
                stack.Outsider(Stack.Everything, action, resource, [Https, .. OfAccount]),
                stack.Outsider(Stack.Everything, action, resource, [Http, .. OfAccount]),
            ]));
        }
    }

    [Theory]
    [InlineData("s3:GetObject", Crl, true)]
    [InlineData("s3:GetObjectAcl", Crl, true)]
    [InlineData("s3:GetObjectAttributes", Crl, true)]
    [InlineData("s3:GetObjectRetention", Crl, true)]
    [InlineData("s3:GetObjectTagging", Crl, true)]
    [InlineData("s3:GetObjectVersion", Crl, true)]
    [InlineData("s3:GetObjectVersionTagging", Crl, true)]
    [InlineData("s3:GetBucketLocation", "external:", true)]
    [InlineData("s3:GetBucketObjectLockConfiguration", "external:", true)]
    [InlineData("s3:GetBucketWebsite", "external:", true)]
    [InlineData("s3:GetEncryptionConfiguration", "external:", true)]
    [InlineData("s3:ListBucket", "external:", true)]
    [InlineData("s3:PutObject", Crl, false)]
    [InlineData("s3:DeleteObject", Crl, false)]
    [InlineData("s3:PutBucketPolicy", "external:", false)]
    [InlineData("s3:GetObject", "internal:tls.json", false)]
    public async Task A_reader_of_another_account_may_what_the_original_let_it_with_TLS_only(string action, string resource, bool may)
    {
        foreach (DeployedModule one in (DeployedModule[])[module, closed])
        {
            Stack stack = await StackAsync(one);

            Assert.Equal([may, false], await IamJudge.AllowedAsync(
            [
                stack.Ask(Reader, Stack.Everything, action, resource, [Https, .. OfReader]),
                stack.Ask(Reader, Stack.Everything, action, resource, [Http, .. OfReader]),
            ]));
        }
    }

    [Fact]
    public async Task Strangers_read_nothing_from_the_bucket_itself()
    {
        Stack stack = await StackAsync(module);
        const string Stranger = "arn:aws:iam::999999999999:role/any";

        Assert.Equal([false, false, false, false], await IamJudge.AllowedAsync(
        [
            stack.Ask(Stranger, Stack.Everything, "s3:GetObject", Crl, Http),
            stack.Ask(Stranger, Stack.Everything, "s3:GetObject", Crl, Https),
            stack.Ask("config.amazonaws.com", null, "s3:GetObject", Crl, [Https, .. OfService]),
            stack.Ask("config.amazonaws.com", null, "s3:GetObject", Crl, [Http, .. OfService]),
        ]));
    }

    [Fact]
    public async Task Without_a_distribution_CloudFront_reads_nothing()
    {
        Stack stack = await StackAsync(closed);

        Assert.Equal([false, false], await IamJudge.AllowedAsync(
        [
            stack.Ask(CloudFront, null, "s3:GetObject", Crl, [Http, .. OfService]),
            stack.Ask(CloudFront, null, "s3:GetObject", Crl, [Https, .. OfService]),
        ]));
    }

    private static async Task<Stack> StackAsync(DeployedModule module)
    {
        IamJudge.SkipUnlessInstalled();
        return new Stack(await module.ResourcesAsync());
    }
}
