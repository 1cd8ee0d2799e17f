using System.Net;
using Amazon.KeyManagementService.Model;
using ServerlessCA.Aws.Http;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.Http;

/// <summary>What a proxy sees of the addresses that every client of a session asks for.</summary>
public sealed class EndpointWireTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Services => new()
    {
        { "kms", "kms-fips.us-east-1.amazonaws.com", "kms.us-east-1.api.aws" },
        { "dynamodb", "dynamodb-fips.us-east-1.amazonaws.com", "dynamodb.us-east-1.api.aws" },
        { "s3", "bucket.s3-fips.us-east-1.amazonaws.com", "bucket.s3.dualstack.us-east-1.amazonaws.com" },
        { "sns", "sns-fips.us-east-1.amazonaws.com", "sns.us-east-1.api.aws" },
        { "secretsmanager", "secretsmanager-fips.us-east-1.amazonaws.com", "secretsmanager.us-east-1.api.aws" },
        { "lambda", "lambda-fips.us-east-1.amazonaws.com", "lambda.us-east-1.api.aws" },
        { "states", "states-fips.us-east-1.amazonaws.com", "states.us-east-1.api.aws" },
        { "sts", "sts-fips.us-east-1.amazonaws.com", "sts.us-east-1.api.aws" },
        { "iam", "iam-fips.amazonaws.com", "iam.global.api.aws" },
    };

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Every_client_asks_for_the_endpoint_that_was_wanted(string service, string fips, string dualStack)
    {
        Assert.Equal([$"{fips}:443"], await AskedForAsync(service, "AWS_USE_FIPS_ENDPOINT"));
        Assert.Equal([$"{dualStack}:443"], await AskedForAsync(service, "AWS_USE_DUALSTACK_ENDPOINT"));
    }

    private static async Task<IReadOnlyList<string>> AskedForAsync(string service, string wish)
    {
        await using ConnectProxy proxy = ConnectProxy.Start();
        using var session = new AwsSession(new AwsSettings
        {
            Region = "us-east-1",
            Credentials = new Amazon.Runtime.BasicAWSCredentials("AKID", "s"),
            Variable = name => name == wish ? "true" : null,
            Retry = new AwsRetryPolicy { Attempts = 1 },
            Transport = network =>
            {
                ((SocketsHttpHandler)network).Proxy = new WebProxy(proxy.Address);
                return network;
            },
        });

        Assert.NotNull(await Record.ExceptionAsync(() => CallAsync(session, service)));

        return proxy.Hosts;
    }

    private static async Task CallAsync(AwsSession session, string service)
    {
        switch (service)
        {
            case "kms":
                await session.Kms().ListAliasesAsync(new ListAliasesRequest(), Cancellation);
                break;
            case "dynamodb":
                await session.DynamoDb().DescribeTableAsync("t", Cancellation);
                break;
            case "s3":
                await session.S3().GetObjectAsync("bucket", "key", Cancellation);
                break;
            default:
                AwsService[] all = [AwsService.Sns, AwsService.SecretsManager, AwsService.Lambda, AwsService.StepFunctions, AwsService.Sts, AwsService.Iam];
                using (SignedHttp http = session.Http(all.Single(one => one.SigningName == service)))
                {
                    await http.SendAsync(SignedCall.Json("a.B", "{}"u8.ToArray()), Cancellation);
                }

                break;
        }
    }
}
