using System.Net;
using Amazon.KeyManagementService.Model;
using ServerlessCA.Aws.Http;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.Http;

/// <summary>Compares addresses of services with the endpoint rule sets of AWS's SDKs.</summary>
public sealed class AwsEndpointTests
{
    private const string Fips = "AWS_USE_FIPS_ENDPOINT";
    private const string DualStack = "AWS_USE_DUALSTACK_ENDPOINT";

    [Theory]
    [InlineData("lambda", "us-east-1", true, false, "lambda-fips.us-east-1.amazonaws.com")]
    [InlineData("lambda", "us-east-1", false, true, "lambda.us-east-1.api.aws")]
    [InlineData("lambda", "us-east-1", true, true, "lambda-fips.us-east-1.api.aws")]
    [InlineData("lambda", "us-gov-west-1", true, false, "lambda-fips.us-gov-west-1.amazonaws.com")]
    [InlineData("lambda", "cn-north-1", false, true, "lambda.cn-north-1.api.amazonwebservices.com.cn")]
    [InlineData("sns", "us-west-2", true, false, "sns-fips.us-west-2.amazonaws.com")]
    [InlineData("sns", "us-gov-east-1", true, false, "sns.us-gov-east-1.amazonaws.com")]
    [InlineData("sts", "us-east-2", true, false, "sts-fips.us-east-2.amazonaws.com")]
    [InlineData("sts", "us-gov-west-1", true, false, "sts.us-gov-west-1.amazonaws.com")]
    [InlineData("sts", "us-gov-west-1", true, true, "sts-fips.us-gov-west-1.api.aws")]
    [InlineData("states", "us-east-1", true, false, "states-fips.us-east-1.amazonaws.com")]
    [InlineData("states", "us-gov-west-1", true, false, "states.us-gov-west-1.amazonaws.com")]
    [InlineData("states", "us-gov-east-1", true, false, "states-fips.us-gov-east-1.amazonaws.com")]
    [InlineData("secretsmanager", "us-gov-west-1", true, false, "secretsmanager-fips.us-gov-west-1.amazonaws.com")]
    [InlineData("secretsmanager", "eu-west-2", false, true, "secretsmanager.eu-west-2.api.aws")]
    [InlineData("iam", "ca-central-1", true, false, "iam-fips.amazonaws.com")]
    [InlineData("iam", "ca-central-1", false, true, "iam.global.api.aws")]
    [InlineData("iam", "ca-central-1", true, true, "iam-fips.global.api.aws")]
    [InlineData("iam", "us-gov-east-1", true, false, "iam.us-gov.amazonaws.com")]
    [InlineData("iam", "cn-northwest-1", false, true, "iam.global.api.amazonwebservices.com.cn")]
    [InlineData("iam", "cn-northwest-1", false, false, "iam.cn-north-1.amazonaws.com.cn")]
    public void Fips_and_dual_stack_endpoints_are_those_of_AWS(string service, string region, bool fips, bool dualStack, string host)
    {
        var choice = new EndpointChoice(name => (name == Fips && fips) || (name == DualStack && dualStack) ? "true" : null);

        AwsEndpoint endpoint = AwsEndpoint.Of(new AwsService(service, service) is var named && service == "iam" ? AwsService.Iam : named, region, choice);

        Assert.Equal($"https://{host}/", endpoint.Address.ToString());
    }

    [Fact]
    public void An_address_of_ones_own_wins_over_both()
    {
        var choice = new EndpointChoice(name => name switch { Fips or DualStack => "true", "AWS_ENDPOINT_URL_SNS" => "http://localhost:1", _ => null });

        AwsEndpoint endpoint = AwsEndpoint.Of(AwsService.Sns, "us-east-1", choice);

        Assert.Equal(("http://localhost:1/", false, false), (endpoint.Address.ToString(), endpoint.UseFips, endpoint.UseDualStack));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("yes")]
    public void A_switch_that_is_not_understood_is_an_error_and_not_the_usual_endpoint(string text)
    {
        SessionUnusableException error = Assert.Throws<SessionUnusableException>(() => new EndpointChoice(name => name == Fips ? text : null));

        Assert.Equal($"{Fips} is neither true nor false, but '{text}'. Set it to one of them, or unset it.", error.Message);
    }

    [Theory]
    [InlineData("", true, true, "https://lambda-fips.us-east-1.api.aws/")]
    [InlineData("false", true, true, "https://lambda.us-east-1.api.aws/")]
    [InlineData("", false, true, "https://lambda-fips.us-east-1.amazonaws.com/")]
    [InlineData("", true, false, "http://of-the-profile:1/")]
    public async Task The_profile_counts_where_variables_say_nothing(string fips, bool dualStack, bool isIgnored, string expected)
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            $"""
            [default]
            aws_access_key_id = AKID
            aws_secret_access_key = s
            region = us-east-1
            use_fips_endpoint = true
            use_dualstack_endpoint = {(dualStack ? "true" : "false")}
            endpoint_url = http://of-the-profile:1
            ignore_configured_endpoint_urls = {(isIgnored ? "true" : "false")}

            """,
            TestContext.Current.CancellationToken);
        try
        {
            List<string> called = [];
            using var session = new AwsSession(new AwsSettings
            {
                ProfilesFile = file,
                Credentials = new Amazon.Runtime.BasicAWSCredentials("AKID", "s"),
                Variable = name => name == Fips ? fips : null,
                Retry = new AwsRetryPolicy { Attempts = 1 },
                Transport = _ => new Listener(called),
            });
            using SignedHttp http = session.Http(AwsService.Lambda);

            await Assert.ThrowsAsync<AwsCallException>(() => http.SendAsync(SignedCall.Json("a.B", "{}"u8.ToArray()), TestContext.Current.CancellationToken));

            Assert.Equal([expected], called);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Where_the_host_has_no_address_the_switch_is_named()
    {
        using var session = new AwsSession(new AwsSettings
        {
            Region = "eu-west-2",
            Credentials = new Amazon.Runtime.BasicAWSCredentials("AKID", "s"),
            Variable = name => name == Fips ? "true" : null,
            Retry = new AwsRetryPolicy { Attempts = 1 },
            Transport = _ => new Nowhere(),
        });
        using SignedHttp http = session.Http(AwsService.Lambda);

        AwsCallException error = await Assert.ThrowsAsync<AwsCallException>(
            () => http.SendAsync(SignedCall.Json("a.B", "{}"u8.ToArray()), TestContext.Current.CancellationToken));

        Assert.EndsWith($"{Fips} asked for lambda-fips.eu-west-2.amazonaws.com, which AWS may not have", error.Message, StringComparison.Ordinal);
        Exception? ofTheSdk = await Record.ExceptionAsync(() => session.Kms().ListAliasesAsync(new ListAliasesRequest(), TestContext.Current.CancellationToken));
        Assert.Contains($"{Fips} asked for kms-fips.eu-west-2.amazonaws.com, which AWS may not have", ofTheSdk!.ToString(), StringComparison.Ordinal);
    }

    private sealed class Listener(List<string> called) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            called.Add(request.RequestUri!.ToString());
            throw new HttpRequestException("nobody is there");
        }
    }

    private sealed class Nowhere : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new HttpRequestException(HttpRequestError.NameResolutionError, "Name or service not known");
    }
}

/// <summary>Checks by a proxy which addresses every client of a session calls.</summary>
public sealed class AwsEndpointWireTests
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
    public async Task Every_client_calls_the_endpoint_that_was_configured(string service, string fips, string dualStack)
    {
        Assert.Equal([$"{fips}:443"], await CalledHostsAsync(service, "AWS_USE_FIPS_ENDPOINT"));
        Assert.Equal([$"{dualStack}:443"], await CalledHostsAsync(service, "AWS_USE_DUALSTACK_ENDPOINT"));
    }

    private static async Task<IReadOnlyList<string>> CalledHostsAsync(string service, string wish)
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
