using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Emulators.FakeKms;
using Xunit;

namespace ServerlessCA.Aws.Tests;

public sealed class AwsSessionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "https://secretsmanager.eu-west-2.amazonaws.com/")]
    [InlineData("AWS_ENDPOINT_URL=http://all:1", "http://all:1/")]
    [InlineData("AWS_ENDPOINT_URL=http://all:1 AWS_ENDPOINT_URL_SECRETS_MANAGER=https://one/path/", "https://one/path/")]
    [InlineData("AWS_ENDPOINT_URL_SNS=http://other:1", "https://secretsmanager.eu-west-2.amazonaws.com/")]
    [InlineData("AWS_ENDPOINT_URL=http://all:1 AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=TRUE", "https://secretsmanager.eu-west-2.amazonaws.com/")]
    public void The_endpoint_is_what_the_variables_say(string variables, string expected) =>
        Assert.Equal(new Uri(expected), AwsEndpoint.Of(AwsService.SecretsManager, "eu-west-2", new EndpointChoice(Variables(variables))).Address);

    [Theory]
    [InlineData("cn-north-1", "https://sns.cn-north-1.amazonaws.com.cn/")]
    [InlineData("us-gov-west-1", "https://sns.us-gov-west-1.amazonaws.com/")]
    public void Other_partitions_have_other_domains(string region, string expected) =>
        Assert.Equal(new Uri(expected), AwsEndpoint.Of(AwsService.Sns, region, new EndpointChoice(_ => null)).Address);

    [Theory]
    [InlineData("localhost:4566")]
    [InlineData("ftp://localhost")]
    [InlineData("nonsense")]
    public void An_endpoint_that_is_no_address_names_its_variable(string text)
    {
        SessionUnusableException error = Assert.Throws<SessionUnusableException>(
            () => AwsEndpoint.Of(AwsService.Sns, "eu-west-2", new EndpointChoice(name => name == "AWS_ENDPOINT_URL" ? text : null)));

        Assert.StartsWith("AWS_ENDPOINT_URL is no address", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=us-east-1", "eu-west-1")]
    [InlineData("", "AWS_DEFAULT_REGION=us-east-1", "us-east-1")]
    [InlineData("ap-south-1", "AWS_REGION=eu-west-1", "ap-south-1")]
    public void The_region_is_what_was_said_first(string given, string variables, string expected)
    {
        using var session = new AwsSession(new AwsSettings { Region = given, Variable = Variables(variables) });

        Assert.Equal(expected, session.Region);
    }

    [Fact]
    public void Without_a_region_the_error_says_what_to_set()
    {
        SessionUnusableException error = Assert.Throws<SessionUnusableException>(
            () => new AwsSession(new AwsSettings { Variable = _ => null, ProfilesFile = Path.Combine(Path.GetTempPath(), "no such file") }));

        Assert.Contains("Set AWS_REGION", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "eu-south-1")]
    [InlineData("AWS_PROFILE=other", "eu-south-2")]
    [InlineData("AWS_PROFILE=other AWS_REGION=eu-west-1", "eu-west-1")]
    public async Task Where_nothing_says_the_region_the_usual_profile_does(string variables, string expected)
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file, "[default]\naws_access_key_id=AKID\naws_secret_access_key=s\nregion=eu-south-1\n"
            + "[other]\naws_access_key_id=AKID\naws_secret_access_key=s\nregion=eu-south-2\n", Cancellation);
        try
        {
            using var session = new AwsSession(new AwsSettings { Variable = Variables(variables), ProfilesFile = file });

            Assert.Equal(expected, session.Region);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Credentials_that_cannot_be_made_show_when_they_are_proved()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "[broken]\ncredential_process=/bin/false\nregion=eu-west-2\n", Cancellation);
        try
        {
            using var session = new AwsSession(new AwsSettings { Profile = "broken", ProfilesFile = file });

            SessionUnusableException error = await Assert.ThrowsAsync<SessionUnusableException>(() => session.ProveCredentialsAsync(Cancellation));

            Assert.StartsWith("The AWS profile 'broken' gives no credentials: ", error.Problem, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_profile_that_is_not_there_is_named()
    {
        SessionUnusableException error = Assert.Throws<SessionUnusableException>(
            () => new AwsSession(new AwsSettings { Profile = "no-such-profile-here", Region = "eu-west-2" }));

        Assert.Contains("'no-such-profile-here'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_gives_region_and_credentials()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file, "[of the test]\naws_access_key_id=AKIDOFTHETEST\naws_secret_access_key=secret\nregion=eu-north-1\n", Cancellation);
        await using ServiceStub stub = await ServiceStub.StartAsync();
        using var session = new AwsSession(new AwsSettings
        {
            Profile = "of the test",
            ProfilesFile = file,
            Variable = name => name == "AWS_ENDPOINT_URL" ? stub.Address.ToString() : null,
        });
        using SignedHttp http = session.Http(AwsService.SecretsManager);
        stub.Reply("{}");

        await http.SendAsync(SignedCall.Json("secretsmanager.ListSecrets", "{}"u8.ToArray()), Cancellation);

        Assert.Matches("Credential=AKIDOFTHETEST/[0-9]{8}/eu-north-1/secretsmanager/aws4_request", stub.Requests[0].Headers["Authorization"]);
        File.Delete(file);
    }

    [Fact]
    public async Task An_attempt_of_the_SDK_without_an_answer_is_given_up_and_made_again()
    {
        await using KmsServer kms = await KmsServer.StartAsync();
        kms.CreateKey("alias/one", "ECC_NIST_P256");
        Faults faults = new Faults().Hang();
        using var session = new AwsSession(TestSession.Settings(kms.Address, faults.Transport) with
        {
            Retry = TestSession.Retry with { Attempt = TimeSpan.FromMilliseconds(500) },
        });

        using IAmazonKeyManagementService client = session.Kms();
        DescribeKeyResponse answer = await client.DescribeKeyAsync(new DescribeKeyRequest { KeyId = "alias/one" }, Cancellation);

        Assert.Equal((KeyState.Enabled, 2), (answer.KeyMetadata.KeyState, faults.Attempts));
    }

    [Fact]
    public async Task A_cancelled_call_of_the_SDK_is_not_made_again()
    {
        Faults faults = new Faults().Hang(10);
        using var cancelled = new CancellationTokenSource();
        using AwsSession session = TestSession.At(new Uri("http://127.0.0.1:1"), faults.Transport);
        using IAmazonKeyManagementService client = session.Kms();
        Task call = client.ListAliasesAsync(new ListAliasesRequest(), cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.InRange(faults.Attempts, 0, 1);
    }

    private static Func<string, string?> Variables(string text)
    {
        var all = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=', 2)).ToDictionary(one => one[0], one => one[1]);
        return all.GetValueOrDefault;
    }
}
