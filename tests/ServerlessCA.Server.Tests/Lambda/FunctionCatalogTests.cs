using System.Text.Json;

namespace ServerlessCA.Server.Tests.Lambda;

/// <summary>Calls ListFunctions, GetFunction and GetFunctionConfiguration.</summary>
public sealed class FunctionCatalogTests
{
    private static readonly string[] Names =
    [
        "serverless-create-issuing-ca-dev", "serverless-create-root-ca-dev", "serverless-expiry-dev",
        "serverless-issuing-ca-crl-dev", "serverless-root-ca-crl-dev", "serverless-tls-cert-dev",
    ];

    [Fact]
    public async Task All_functions_are_listed_by_their_names_on_AWS()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        JsonElement page = (await server.Http.ReplyAsync($"{Calls.Functions}/")).Ok().Json;

        Assert.Equal(Names, NamesOf(page));
        Assert.False(page.TryGetProperty("NextMarker", out _));
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap_or_repetition()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var seen = new List<string>();
        string marker = "";
        do
        {
            JsonElement page = (await server.Http.ReplyAsync($"{Calls.Functions}/?MaxItems=4{marker}")).Ok().Json;
            seen.AddRange(NamesOf(page));
            marker = page.TryGetProperty("NextMarker", out JsonElement next) ? $"&Marker={next.GetString()}" : "";
        }
        while (marker.Length > 0);

        Assert.Equal(Names, seen);
    }

    [Theory]
    [InlineData("MaxItems=0", "ValidationException")]
    [InlineData("MaxItems=many", "ValidationException")]
    [InlineData("MaxItems=99999999999", "ValidationException")]
    [InlineData("Marker=-1", "InvalidParameterValueException")]
    [InlineData("Marker=6", "InvalidParameterValueException")]
    [InlineData("FunctionVersion=1", "ValidationException")]
    public async Task Senseless_pages_are_refused(string query, string fault)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Reply reply = await server.Http.ReplyAsync($"{Calls.Functions}/?{query}");

        Assert.Equal((400, fault), (reply.Status, reply.Fault));
    }

    [Fact]
    public async Task With_versions_every_function_has_its_qualified_ARN()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        JsonElement page = (await server.Http.ReplyAsync($"{Calls.Functions}/?FunctionVersion=ALL")).Ok().Json;

        Assert.All(page.GetProperty("Functions").EnumerateArray(), function => Assert.EndsWith(
            $":function:{function.GetProperty("FunctionName").GetString()}:$LATEST", function.GetProperty("FunctionArn").GetString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("serverless-expiry-dev")]
    [InlineData("serverless-expiry-dev?Qualifier=$LATEST")]
    [InlineData("serverless-expiry-dev:$LATEST")]
    [InlineData("123456789012:function:serverless-expiry-dev")]
    [InlineData("arn:aws:lambda:eu-west-2:123456789012:function:serverless-expiry-dev")]
    [InlineData("arn%3Aaws%3Alambda%3Aeu-west-2%3A123456789012%3Afunction%3Aserverless-expiry-dev%3A%24LATEST")]
    [InlineData("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:serverless-expiry-dev")]
    public async Task A_function_is_found_by_name_and_by_ARN(string reference)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string path = reference.Split('?')[0];
        string query = reference.Contains('?') ? $"?{reference.Split('?')[1]}" : "";

        JsonElement details = (await server.Http.ReplyAsync($"{Calls.Functions}/{path}{query}")).Ok().Json;
        JsonElement configuration = (await server.Http.ReplyAsync($"{Calls.Functions}/{path}/configuration{query}")).Ok().Json;

        Assert.Equal(Calls.Expiry, details.GetProperty("Configuration").GetProperty("FunctionName").GetString());
        Assert.Equal(Calls.Expiry, configuration.GetProperty("FunctionName").GetString());
        Assert.Equal("Active", configuration.GetProperty("State").GetString());
    }

    [Theory]
    [InlineData("serverless-notify-dev", 404, "ResourceNotFoundException")]
    [InlineData("serverless-expiry-prd", 404, "ResourceNotFoundException")]
    [InlineData("Serverless-Expiry-Dev", 404, "ResourceNotFoundException")]
    [InlineData("serverless-expiry-dev:7", 404, "ResourceNotFoundException")]
    [InlineData("serverless-expiry-dev?Qualifier=live", 404, "ResourceNotFoundException")]
    [InlineData("serverless-expiry-dev:live?Qualifier=$LATEST", 400, "InvalidParameterValueException")]
    [InlineData("serverless-expiry-dev?Qualifier=a%20b", 400, "ValidationException")]
    [InlineData("serverless%20expiry", 400, "ValidationException")]
    [InlineData("arn:aws:s3:::bucket", 400, "ValidationException")]
    [InlineData("..%2F..%2Fsettings.json", 400, "ValidationException")]
    public async Task Other_names_are_told_apart_as_AWS_does(string reference, int status, string fault)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Reply get = await server.Http.ReplyAsync($"{Calls.Functions}/{reference}");
        Reply invoke = await server.Http.InvokeAsync(reference.Split('?')[0], "{}");

        Assert.Equal((status, fault), (get.Status, get.Fault));
        Assert.NotEmpty(get.Message!);
        Assert.True(reference.Contains('?') || (invoke.Status, invoke.Fault) == (status, fault), invoke.Text);
    }

    private static IEnumerable<string> NamesOf(JsonElement page) =>
        page.GetProperty("Functions").EnumerateArray().Select(function => function.GetProperty("FunctionName").GetString()!);
}
