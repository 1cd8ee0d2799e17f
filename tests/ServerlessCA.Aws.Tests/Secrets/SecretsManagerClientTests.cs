using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Secrets;
using ServerlessCA.Aws.Tests.Support;
using Xunit;

namespace ServerlessCA.Aws.Tests.Secrets;

public sealed class SecretsManagerClientTests : StubFixture
{
    private SecretsManagerClient Client => new(Http(AwsService.SecretsManager));

    [Theory]
    [InlineData("""{"ARN":"a","Name":"slack","SecretString":"xoxb-1","CreatedDate":1.523477145713E9}""", "xoxb-1")]
    [InlineData("""{"Name":"slack","SecretBinary":"eG94Yi0y"}""", "xoxb-2")]
    [InlineData("""{"Name":"slack"}""", null)]
    public async Task The_value_is_read_as_text(string answer, string? expected)
    {
        Stub.Reply(answer);

        Assert.Equal(expected, await Client.GetSecretValueAsync("arn:aws:secretsmanager:…:slack", Cancellation));

        ServiceStub.Request request = Assert.Single(Stub.Requests);
        Assert.Equal("secretsmanager.GetSecretValue", request.Headers["X-Amz-Target"]);
        Assert.Equal("application/x-amz-json-1.1", request.Headers["Content-Type"]);
        Assert.Equal("""{"SecretId":"arn:aws:secretsmanager:\u2026:slack"}""", request.Body);
    }

    [Fact]
    public async Task A_secret_that_is_not_there_is_null()
    {
        Stub.Reply("""{"__type":"ResourceNotFoundException","Message":"Secrets Manager can't find the specified secret."}""", 400);

        Assert.Null(await Client.GetSecretValueAsync("slack", Cancellation));
    }

    [Fact]
    public async Task A_forbidden_secret_is_a_fault()
    {
        Stub.Reply("""{"__type":"AccessDeniedException","Message":"not authorized"}""", 400);

        AwsCallException error = await Assert.ThrowsAsync<AwsCallException>(() => Client.GetSecretValueAsync("slack", Cancellation));

        Assert.Equal("AccessDeniedException", error.Code);
    }

    [Fact]
    public async Task A_broken_answer_shows_nothing_of_the_secret()
    {
        Stub.Reply("""{"SecretString":"xoxb-broken""");

        AwsCallException error = await Assert.ThrowsAsync<AwsCallException>(() => Client.GetSecretValueAsync("slack", Cancellation));

        Assert.DoesNotContain("xoxb", error.ToString(), StringComparison.Ordinal);
    }
}
