using System.Text.RegularExpressions;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Served;

/// <summary>What changes a served CA does what it does with a CA in a folder, and reports it in the same words.</summary>
public sealed partial class ServedChangeTests
{
    private static readonly string Example = Repository.At("examples", "gitops", "dev");

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task A_revocation_is_reported_as_of_a_CA_in_a_folder(string output)
    {
        using Session session = await SessionAsync();
        await using BackgroundCommand served = await ServeAsync(session);
        string[] words = ["revoke", "client.example.com", "--reason", "keyCompromise", "--output", output];

        Result first = (await RunAsync(session, served, words)).Done();
        Result again = (await RunAsync(session, served, words)).Done();
        Result here = (await session.RunAsync(words)).Done();

        Assert.Equal(output == "json" ? "Revoked" : "", output == "json" ? first.Json.GetProperty("Status").GetString() : first.Error);
        Assert.Equal(AllOf(here).Replace($"{session.Data}/external/", "", StringComparison.Ordinal), AllOf(again));
        Assert.Contains("keyCompromise", (await session.RunAsync("list", "--revoked", "--output", "csv")).Done().Output, StringComparison.Ordinal);
        Assert.Contains("keyCompromise", (await session.RunAsync("history", "client.example.com")).Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_revoked_is_refused_in_the_same_words()
    {
        using Session session = await SessionAsync();
        (await session.RunAsync("request", "--common-name", "client.example.com", "--out", session.Folder.At("second"))).Done();
        await using BackgroundCommand served = await ServeAsync(session);

        foreach (string[] words in (string[][])[["revoke", "client.example.com"], ["revoke", "nobody"], ["revoke", "--serial", "17"], ["revoke", "client.example.com", "--serial", "17"], ["revoke"]])
        {
            Result here = await session.RunAsync(words);

            Assert.NotEqual(ExitCode.Done, here.ExitCode);
            Assert.Equal(AllOf(here), AllOf(await RunAsync(session, served, words)));
        }

        Result root = await RunAsync(session, served, "revoke", "serverless-root-ca-dev");
        Assert.Equal((await session.RunAsync("revoke", "serverless-root-ca-dev")).Error.Split('\n')[0], root.Error.Split('\n')[0]);
        Assert.Equal(ExitCode.Refused, root.ExitCode);
    }

    [Fact]
    public async Task A_list_of_a_GitOps_folder_gets_what_a_served_CA_knows()
    {
        using Session session = await SessionAsync();
        await using BackgroundCommand served = await ServeAsync(session);
        string folder = session.Folder.Write("folder/tls.json", "[]")[..^"/tls.json".Length];

        (await RunAsync(session, served, "revoke", "client.example.com", "--folder", folder)).Done();
        (await RunAsync(session, served, "revoke", "serverless-issuing-ca-dev", "--folder", folder)).Done();
        Result unknown = await RunAsync(session, served, "revoke", "acme-issuing-ca-dev", "--serial", "17", "--folder", folder);
        Result known = await RunAsync(session, served, "revoke", "serverless-issuing-ca-dev", "--serial", "17", "--folder", folder);
        await served.StopAsync();
        Result alone = await RunAsync(session, served, "revoke", "www.example.com", "--serial", "18", "--folder", folder);

        Assert.Contains("looks like a CA, but not like one of serverless-root-ca-dev and serverless-issuing-ca-dev", unknown.Error, StringComparison.Ordinal);
        Assert.EndsWith("revoked-root-ca.json", known.Done().Output.Split('\n')[0], StringComparison.Ordinal);
        alone.Done(); // needs no CA at hand
        Assert.Equal(2, File.ReadAllText(Path.Combine(folder, "revoked.json")).Split("common_name").Length - 1);
        Assert.Equal(2, File.ReadAllText(Path.Combine(folder, "revoked-root-ca.json")).Split("common_name").Length - 1);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task A_run_is_reported_as_of_a_CA_in_a_folder(string output)
    {
        using Session session = await SessionAsync();
        await using BackgroundCommand served = await ServeAsync(session);

        Result there = (await RunAsync(session, served, "run", "-v", "--output", output)).Done();
        Result here = (await session.RunAsync("run", Example, "-v", "--output", output)).Done();

        // Where the CA and its files are is another thing, and so is each CRL.
        Assert.Equal(WithoutPlaces(here.Output), WithoutPlaces(there.Output));
        Assert.Contains(served.Url, there.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_exit_code_of_a_run_says_what_became_of_it()
    {
        using Session session = await SessionAsync();
        string folder = session.Folder.Write("folder/tls.json", """[{"common_name": "a", "csr_file": "lost.csr"}]""")[..^"/tls.json".Length];
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session, folder, "--token-file", session.Folder.At("token"));

        Assert.Equal(ExitCode.Refused, (await RunAsync(session, served, "run")).ExitCode);
        File.WriteAllText(Path.Combine(folder, "tls.json"), "[{]");
        Assert.Equal(ExitCode.Fault, (await RunAsync(session, served, "run")).ExitCode);
    }

    [Theory]
    [InlineData("a served CA reads the folder that 'serve' was started with", "run", "certs/dev")]
    [InlineData("--project is for local CAs", "run", "--project", "acme")]
    [InlineData("--no-fetch is for a CA that is looked over from here", "health", "--no-fetch")]
    [InlineData("--settings is for --ca none", "plan", "FOLDER", "--settings", "settings.json")]
    public async Task What_a_served_CA_does_not_do_is_refused_before_it_is_called(string message, params string[] words)
    {
        using var session = new Session();
        string folder = session.Folder.Write("folder/tls.json", "[]")[..^"/tls.json".Length];

        Result result = await session.RunRawAsync([.. words.Select(word => word == "FOLDER" ? folder : word), "--ca", "https://ca.example.com:8443"]);

        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private static async Task<Session> SessionAsync()
    {
        var session = new Session { Clock = new FixedClock() };
        session.Folder.Write("token", "operators-have-this-token-of-the-tests\n");
        (await session.RunAsync("run", Example)).Done();
        (await session.RunAsync("request", "--common-name", "client.example.com", "--out", session.Certs)).Done();
        return session;
    }

    private static Task<BackgroundCommand> ServeAsync(Session session) =>
        BackgroundCommand.ServeAsync(session, Example, "--token-file", session.Folder.At("token"));

    private static Task<Result> RunAsync(Session session, BackgroundCommand served, params string[] words) =>
        session.RunRawAsync([.. words, "--ca", served.Url, "--token-file", session.Folder.At("token")]);

    private static string AllOf(Result result) => CrlNumber().Replace($"{result.Output}{result.Error}exit code {result.ExitCode}", "CRL number");

    private static string WithoutPlaces(string output) => CrlNumber().Replace(Place().Replace(output, ""), "CRL number");

    [GeneratedRegex(@"CRL \d+|number \d+$|""CrlNumber"": \d+", RegexOptions.Multiline)]
    private static partial Regex CrlNumber();

    [GeneratedRegex(@"^(CA|Published|Events) .*\n|^.*""Location"": .*\n", RegexOptions.Multiline)]
    private static partial Regex Place();
}
