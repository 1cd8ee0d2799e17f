using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

public sealed class UsageTests
{
    public static TheoryData<string> Commands => ["init", "run", "plan", "request", "renew", "needs-renewal", "agent", "csr", "list", "show", "history", "get", "chain", "trust", "decode", "revoke", "crl", "health", "smoke", "backup", "restore", "migrate", "serve", "page", "schema", "completion", "help", "version"];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_explains_itself_with_examples(string command)
    {
        using var session = new Session();

        string help = (await session.RunRawAsync(command, "--help")).Done().Output;

        Assert.Contains("\nUsage:\n", help, StringComparison.Ordinal);
        int examples = help.Split("\n  $ serverless-ca ").Length - 1;
        Assert.InRange(examples, 2, 3);
        Assert.All(help.Split('\n').Where(line => !line.StartsWith("  $ ", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 100));
    }

    [Theory]
    [InlineData("unknown command 'lst'", "did you mean 'list'?", "lst")]
    [InlineData("unknown command 'reqeust'", "did you mean 'request'?", "reqeust")]
    [InlineData("unknown command 'frobnicate'", "'serverless-ca' alone lists the commands", "frobnicate")]
    [InlineData("unknown option '--revokd' of serverless-ca list", "did you mean '--revoked'?", "list", "--revokd")]
    [InlineData("unknown option '--ouptut=json' of serverless-ca list", "did you mean '--output'?", "list", "--ouptut=json")]
    [InlineData("serverless-ca list does not know what to do with 'extra'", "'serverless-ca list --help' tells how", "list", "extra")]
    [InlineData("--reason 'keyCompromized' is unknown", "did you mean 'keyCompromise'?", "revoke", "a", "--reason", "keyCompromized")]
    [InlineData("--output 'jsn' is unknown", "did you mean 'json'?", "list", "--output", "jsn")]
    public async Task Unknown_things_suggest_the_nearest(string message, string hint, params string[] arguments)
    {
        using var session = new Session();

        Result result = await session.RunRawAsync(arguments);

        Assert.Equal(new Result(ExitCode.Usage, "", $"error: {message}\nhint: {hint}\n"), result);
    }

    [Theory]
    [InlineData("https://ca.example.com")]
    [InlineData("HTTP://ca.example.com")]
    public async Task What_needs_the_ledger_itself_is_wrong_usage_with_a_served_CA(string location)
    {
        using var session = new Session();

        Result result = await session.RunRawAsync("page", "--out", session.Folder.At("out"), "--ca", location);

        Assert.Equal(
            (ExitCode.Usage, $"error: --ca '{location}': a CA behind HTTP does not do that\nhint: name the CA itself: --ca local:FOLDER, or --ca aws://PROJECT/ENV\n"),
            (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("aws://", "does not name a project and an environment")]
    [InlineData("aws://project", "does not name a project and an environment")]
    [InlineData("aws://project/dev/more", "does not name a project and an environment")]
    [InlineData("aws://project one/dev", "does not name a project and an environment")]
    [InlineData("aws://project/dev?region=", "'region' has no value")]
    [InlineData("aws://project/dev?region=eu-west-2&acount=1", "'acount' is unknown there")]
    [InlineData("http:/ca.example.com", "is not a location of a CA")]
    [InlineData("local:", "names no folder")]
    [InlineData("./folder", "is not a location of a CA")]
    public async Task Other_locations_are_wrong_usage(string location, string message)
    {
        using var session = new Session();

        Result byOption = await session.RunRawAsync("list", "--ca", location);
        session.Variables["SERVERLESS_CA"] = location;
        Result byVariable = await session.RunRawAsync("list");

        Assert.Equal(ExitCode.Usage, byOption.ExitCode);
        Assert.Equal(ExitCode.Usage, byVariable.ExitCode);
        Assert.StartsWith($"error: --ca '{location}'", byOption.Error, StringComparison.Ordinal);
        Assert.StartsWith($"error: SERVERLESS_CA '{location}'", byVariable.Error, StringComparison.Ordinal);
        Assert.Contains(message, byVariable.Error, StringComparison.Ordinal);
        Assert.Matches("hint: write (local:FOLDER|aws://PROJECT/ENV)", byVariable.Error);
    }

    [Fact]
    public async Task The_variable_counts_where_the_option_is_missing()
    {
        using Session session = await new Session().WithCaAsync();
        session.Variables["SERVERLESS_CA"] = $"local:{session.Data}";

        Assert.Equal((await session.RunAsync("list")).Done().Output, (await session.RunRawAsync("list")).Done().Output);
        session.Variables["SERVERLESS_CA"] = "local:/nowhere";
        Assert.Equal(ExitCode.Fault, (await session.RunRawAsync("list")).ExitCode);
        (await session.RunAsync("list")).Done();
    }

    [Fact]
    public async Task Certificates_go_below_the_home_folder_by_default()
    {
        using Session session = await new Session().WithCaAsync();
        session.Variables["HOME"] = session.Folder.At("home");

        (await session.RunAsync("request", "--common-name", "a")).Done();

        Assert.True(File.Exists(session.Folder.At("home", "certs", "client-cert-combined.pem")));
    }

    // Shells replace ~ only at the beginning of a word.
    [Fact]
    public async Task The_home_folder_is_meant_by_a_tilde_that_no_shell_replaced()
    {
        using var session = new Session();
        session.Variables["HOME"] = session.Folder.At("home");

        (await session.RunRawAsync("run", "--ca", "local:~/ca")).Done();
        (await session.RunRawAsync("request", "--common-name", "a", "--out=~/my certs", "--ca", "local:~/ca")).Done();

        Assert.True(Directory.Exists(session.Folder.At("home", "ca")));
        Assert.True(File.Exists(session.Folder.At("home", "my certs", "client-cert.pem")));
    }

    [Fact]
    public async Task Faults_of_ours_show_their_trace_only_on_request()
    {
        using Session session = await new Session().WithCaAsync();
        File.WriteAllText(Path.Combine(session.Data, "ca.db"), "not a database");

        Result quiet = await session.RunAsync("list");
        Result verbose = await session.RunAsync("list", "-v");

        Assert.Equal(ExitCode.Fault, quiet.ExitCode);
        Assert.DoesNotContain("   at ", quiet.Error, StringComparison.Ordinal);
        Assert.Contains("   at ", verbose.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_that_begins_with_an_at_sign_is_no_file()
    {
        using var session = new Session();
        string file = session.Folder.Write("words", "list");

        Result result = await session.RunRawAsync($"@{file}");

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.StartsWith($"error: unknown command '@{file}'", result.Error, StringComparison.Ordinal);
    }
}
