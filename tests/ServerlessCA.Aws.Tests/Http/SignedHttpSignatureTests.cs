using System.Text.Json;
using Amazon.Runtime;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.Http;

/// <summary>Compares signatures with those of another implementation (@smithy/signature-v4 of the AWS SDK for
/// JavaScript).</summary>
public sealed class SignedHttpSignatureTests
{
    private const string Key = "AKIDEXAMPLE";
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Token = "IQoJb3JpZ2luX2VjEXAMPLE//////////+=";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string, string> Calls => new()
    {
        { "SNS", "POST", "", "Action=Publish&Subject=%C3%A9%20b" },
        { "Secrets Manager", "POST", "", """{"SecretId":"a"}""" },
        { "Lambda", "POST", "2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-2%3A123456789012%3Afunction%3Af/invocations", "{}" },
        { "Lambda", "GET", "2015-03-31/functions/?MaxItems=50&Marker=a%2Bb%2F%3D%3D%20c", "" },
        { "SFN", "POST", "", """{"input":"ünïcode 鍵"}""" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_signature_is_the_one_that_others_make(string service, string method, string path, string body)
    {
        await using NodeProgram judge = await JudgeAsync();
        using AwsSession session = SessionOf(judge, Secret);
        using SignedHttp http = session.Http(ServiceOf(service));

        SignedAnswer answer = await http.SendAsync(CallOf(method, path, body), Cancellation);

        using JsonDocument seen = answer.Json();
        string[] signed = [.. seen.RootElement.List("signed").Select(name => name.GetString()!)];
        Assert.Equal((ServiceOf(service).SigningName, "eu-west-2"), (seen.RootElement.Text("service"), seen.RootElement.Text("region")));
        Assert.Superset(new HashSet<string> { "host", "x-amz-date", "x-amz-security-token" }, new HashSet<string>(signed));
    }

    [Fact]
    public async Task The_judge_refuses_another_secret()
    {
        await using NodeProgram judge = await JudgeAsync();
        using AwsSession session = SessionOf(judge, "another secret");
        using SignedHttp http = session.Http(AwsService.Sns);

        AwsCallException error = await Assert.ThrowsAsync<AwsCallException>(
            () => http.SendAsync(CallOf("POST", "", "Action=Publish"), Cancellation));

        Assert.Equal("SignatureDoesNotMatch", error.Code);
    }

    private static async Task<NodeProgram> JudgeAsync()
    {
        NodeProgram.SkipUnlessInstalled();
        return await NodeProgram.StartAsync("signature-judge.mjs", new Dictionary<string, string>
        {
            ["ACCESS_KEY"] = Key,
            ["SECRET_KEY"] = Secret,
            ["SESSION_TOKEN"] = Token,
        });
    }

    private static AwsSession SessionOf(NodeProgram judge, string secret) =>
        new(TestSession.Settings(judge.Address) with { Credentials = new SessionAWSCredentials(Key, secret, Token) });

    private static SignedCall CallOf(string method, string path, string body) =>
        new("Call", new HttpMethod(method), path, System.Text.Encoding.UTF8.GetBytes(body), body.Length > 0 ? "application/json" : null);

    private static AwsService ServiceOf(string id) =>
        new[] { AwsService.Sns, AwsService.SecretsManager, AwsService.Lambda, AwsService.StepFunctions }.Single(one => one.Id == id);
}
