using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Tests.Agent;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Examples;

/// <summary>Checks command lines of examples: the parser of the real command line reads them as they are, and they are run in a folder of the test.</summary>
internal static class ExampleCommand
{
    private const string Token = "NmYyZDNhNmYtdGVzdC1vbmx5LXRva2VuLTAxMjM0NTY3";

    // What is different here: where the CA and the files are, whom to signal, and from whom credentials come.
    private static readonly string[] OfThePlace =
        ["--ca=", "--out=", "--owner=", "--signal=", "--pid-file=", "--token-file=", "--request-token-file=", "--metrics-token-file=", "--token-policy=", "--ca-file=", "--listen=", "--tls-name=", "--passphrase-file="];

    private const string PolicyToken = "--token-policy=";

    /// <summary>Says what the parser has against it; null: nothing.</summary>
    public static string? WhyNot(string[] words)
    {
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, TerminalTraits.Plain);
        return new CommandLine(new Surroundings(terminal, TimeProvider.System, _ => null)).WhyNot(words)?.Message;
    }

    /// <summary>Runs it to its end, or <c>serve</c> until it listens and back.</summary>
    public static async Task RunAsync(string[] words, string? gitops = null)
    {
        Assert.Null(WhyNot(words));
        using var session = new Session();
        string[] policies = [.. words.Where(word => word.StartsWith(PolicyToken, StringComparison.Ordinal)).Select(word => word[PolicyToken.Length..].Split('=')[0])];
        if (policies.Length > 0)
        {
            session.Folder.Write("ca/settings.json", $$"""{"request_policies": { {{string.Join(", ", policies.Select(policy => $$"""
                "{{policy}}": {"common_names": ["*"]}
                """))}} } }""");
        }

        if (words[0] != "run")
        {
            await session.WithCaAsync();
        }

        string[] here = [.. words[1..].Where(word => !OfThePlace.Any(option => word.StartsWith(option, StringComparison.Ordinal)) && word != "--once" && !word.StartsWith('/'))];
        string[] folder = gitops is null ? [] : [gitops];
        switch (words[0])
        {
            case "agent":
                (await session.RunAsync(["agent", .. here, "--once", "--out", session.Certs])).Done();
                Assert.Equal(1, RunningAgent.VersionOf(session.Certs));
                break;
            case "serve":
                // The same credentials, on loopback, with a name that a certificate can have.
                string token = session.Folder.Write("token", Token);
                Modes.Set(token, "0600");
                string[] others =
                [
                    .. policies.SelectMany(policy => (string[])["--token-policy", $"{policy}={TokenOf(session, policy)}"]),
                    .. words.Any(word => word.StartsWith("--metrics-token-file=", StringComparison.Ordinal)) ? (string[])["--metrics-token-file", TokenOf(session, "metrics")] : [],
                ];
                await using (BackgroundCommand serve = await BackgroundCommand.ServeAsync(session, [.. folder, .. here, .. others, "--tls-name", "ca.example.com", "--token-file", token]))
                {
                    Assert.StartsWith("https://", serve.Url, StringComparison.Ordinal);
                    Assert.Equal(ExitCode.Done, await serve.StopAsync());
                }

                break;
            case "run":
                (await session.RunAsync(["run", .. folder, .. here])).Done(); // makes the CA
                (await session.RunAsync(["run", .. folder, .. here])).Done(); // as at every later start
                break;
            default:
                Assert.Fail($"{words[0]} is run by no example");
                break;
        }
    }

    private static string TokenOf(Session session, string owner)
    {
        string file = session.Folder.Write($"{owner}-token", $"{Token}-{owner}");
        Modes.Set(file, "0600");
        return file;
    }
}
