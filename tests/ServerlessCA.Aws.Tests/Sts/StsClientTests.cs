using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Sts;
using ServerlessCA.Aws.Tests.Support;
using Xunit;

namespace ServerlessCA.Aws.Tests.Sts;

/// <summary>Answers as the STS API reference has them.</summary>
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
}
