using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Requesting;

/// <summary>Tests contract 12.24: a request in a file that has keys without effect is not sent, and no key is made for
/// it.</summary>
public sealed class RequestFileTests
{
    [Theory]
    [InlineData("""{"common_name": "a", "sans ": ["a.example.com"]}""", "unknown key 'sans '", "did you mean 'sans'?")]
    [InlineData("""{"common_name": "a", "Lifetime": 90, "purpose": "server_auth"}""", "unknown key 'Lifetime'; unknown key 'purpose'", "did you mean 'lifetime'?")]
    [InlineData("""{"common_name": "a", "ticket": 4711}""", "unknown key 'ticket'", "remove it; a key that begins with _ is a remark and no mistake")]
    [InlineData("""{"common_name": "a", "common_name": "b"}""", "key 'common_name' is given more than once", "remove it; a key that begins with _ is a remark and no mistake")]
    [InlineData("""{"common_name": "a", "sans": [{"Type": "IP_ADDRESS", "value": "192.0.2.1"}]}""", "sans: unknown key 'Type'", "did you mean 'type'?")]
    [InlineData("""{"common_name": "a", "extensions": [{"oid": "1.2.3", "value": "BQA="}]}""", "extensions: unknown key 'value'", "remove it; a key that begins with _ is a remark and no mistake")]
    public async Task A_key_without_effect_is_refused_before_a_key_pair_is_made(string json, string what, string hint)
    {
        using Session session = await new Session().WithCaAsync();
        string file = session.Folder.Write("request.json", json);

        Result result = await session.RunAsync("request", "--file", file, "--out", session.Certs);

        Assert.Equal(new Result(ExitCode.Usage, "", $"error: --file '{file}': {what}\nhint: {hint}\n"), result);
        Assert.False(Directory.Exists(session.Certs));
    }

    [Fact]
    public async Task Half_a_character_is_refused_before_a_key_pair_is_made()
    {
        using Session session = await new Session().WithCaAsync();
        string file = session.Folder.Write("request.json", """{"common_name": "a", "organization": "\ud800"}""");

        Result result = await session.RunAsync("request", "--file", file, "--out", session.Certs);

        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"error: --file '{file}': request has text that is not well-formed Unicode\n", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Certs));
    }

    [Fact]
    public async Task Remarks_in_a_file_are_no_mistake()
    {
        using Session session = await new Session().WithCaAsync();
        string file = session.Folder.Write(
            "request.json", """{"$schema": "x", "_a": 1, "_a": 2, "comment": ["b"], "common_name": "a", "purposes": "server_auth", "sans": {"comment": 1, "DNS_NAME": "a.example.com"}}""");

        JsonElement answer = (await session.RunAsync("request", "--file", file, "--out", session.Certs, "--output", "json")).Done().Json;

        Assert.False(answer.TryGetProperty("Warnings", out _));
    }
}
