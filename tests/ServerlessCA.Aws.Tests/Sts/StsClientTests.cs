using Amazon.Runtime;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Sts;
using ServerlessCA.Aws.Tests.Support;
using Xunit;

namespace ServerlessCA.Aws.Tests.Sts;

/// <summary>Uses answers of the STS API reference.</summary>
public sealed class StsClientTests : StubFixture
{
    private StsClient Client => new(Http(AwsService.Sts));

    [Fact]
    public async Task The_account_is_read_from_the_answer()
    {
        Stub.Reply("""
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
            <Arn>arn:aws:iam::123456789012:user/Alice</Arn><UserId>AIDACKCEVSQ6C2EXAMPLE</UserId><Account>123456789012</Account>
            </GetCallerIdentityResult><ResponseMetadata><RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId></ResponseMetadata></GetCallerIdentityResponse>
            """);

        Assert.Equal("123456789012", await Client.AccountAsync(Cancellation));
        Assert.Equal("Action=GetCallerIdentity&Version=2011-06-15", Assert.Single(Stub.Requests).Body);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("<other/>")]
    public async Task An_answer_without_an_account_is_null(string answer)
    {
        Stub.Reply(answer);

        Assert.Null(await Client.AccountAsync(Cancellation));
    }

    [Fact]
    public async Task A_role_gives_credentials_of_its_own()
    {
        Stub.Reply("""
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
            <AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s/1</SecretAccessKey><SessionToken>t+1</SessionToken>
            </Credentials></AssumeRoleResult></AssumeRoleResponse>
            """);

        AWSCredentials role = await new StsClient(Http(AwsService.Sts)).AssumeRoleAsync("arn:aws:iam::111122223333:role/a+b", "serverless-ca", Cancellation);

        ImmutableCredentials credentials = await role.GetCredentialsAsync();
        Assert.Equal(("ASIA1", "s/1", "t+1"), (credentials.AccessKey, credentials.SecretKey, credentials.Token));
        Assert.Equal(
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fa%2Bb&RoleSessionName=serverless-ca",
            Stub.Requests[0].Body);
    }

    [Theory]
    [InlineData("<AssumeRoleResponse/>")]
    [InlineData("no XML")]
    public async Task An_answer_without_credentials_is_a_fault_that_names_the_call(string answer)
    {
        Stub.Reply(answer);

        AwsCallException error = await Assert.ThrowsAsync<AwsCallException>(
            () => new StsClient(Http(AwsService.Sts)).AssumeRoleAsync("arn:aws:iam::111122223333:role/a", "serverless-ca", Cancellation));

        Assert.Equal("STS AssumeRole: the answer has no credentials", error.Message);
    }
}
