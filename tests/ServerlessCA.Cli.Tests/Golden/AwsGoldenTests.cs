using ServerlessCA.Cli.Tests.Commands;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;
using ServerlessCA.Emulators.StepFunctions;

namespace ServerlessCA.Cli.Tests.Golden;

/// <summary>Repeats whole sessions of tests/golden/cli/aws with a CA on emulated AWS. UPDATE_GOLDEN=1 records
/// them anew.</summary>
public sealed class AwsGoldenTests
{
    private static readonly string Folder = Repository.At("tests", "golden", "cli", "aws");

    private static readonly string[] Steps = ["Create root CA", "Publish root CRL", "Create issuing CA", "Publish issuing CRL"];

    public static TheoryData<string> Sessions => [.. Directory.EnumerateFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    [Theory]
    [MemberData(nameof(Sessions))]
    public async Task A_session_goes_as_it_was_recorded(string name)
    {
        string file = Path.Combine(Folder, $"{name}.txt");
        string recorded = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        using var session = new Session { Clock = new FixedClock() };
        await using AwsCa ca = await (await AwsCa.StartAsync(session, "serverless")).WithCasAsync();
        var runs = new Queue<ExecutionHistory>([Good(), Bad(), Bad()]);
        ca.StateMachines.Run = () => Task.FromResult(runs.Dequeue());
        session.Variables["SERVERLESS_CA"] = ca.Location;
        session.Variables["HOME"] = session.Folder.At("home");
        session.Folder.Write("certs/dev/tls.json", "[]\n");
        if (name == "migrate")
        {
            await ca.IssueAsync("one.example.com");
            await ca.IssueAsync("two.example.com", notifyExpiry: true);
            await ca.MakeOriginalAsync();
        }

        if (name == "policies")
        {
            ca.Policies = [Web()];
        }

        string repeated = await new Transcript(session).RepeatAsync(recorded);

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(file, repeated, TestContext.Current.CancellationToken);
        }
        else
        {
            Assert.Equal(recorded, repeated);
        }
    }

    // Those that are for local CAs or files alone are named, so that a new command is asked for its session.
    [Fact]
    public void Every_command_that_works_with_AWS_has_a_session() => Assert.Empty(UsageTests.Commands.Select(row => row.Data)
        .Except(["init", "csr", "decode", "backup", "restore", "serve", "schema", "completion", "help", "version"])
        .Except(Sessions.Select(row => row.Data)));

    private static RequestPolicy Web() => NamePattern.TryParse("*.web.example.com", out NamePattern? pattern, out string? why)
        ? new RequestPolicy { Name = "web", CommonNames = [pattern], Sans = [SanPattern.OfHosts(pattern)], Usages = [ExtendedKeyUsage.ServerAuth], MaxDays = 90 }
        : throw new InvalidOperationException(why);

    private static ExecutionHistory Good()
    {
        var history = new ExecutionHistory();
        foreach (string step in Steps)
        {
            history.Look().Enter(step).Succeed().Exit(step);
        }

        history.Enter("Issue certificates", map: true).StartMap().Count(40, 0).Look().Count(40, 17).Look();
        return history.Count(40, 40).EndMap().Exit("Issue certificates", map: true).Enter("Send reminders").Succeed().Exit("Send reminders");
    }

    private static ExecutionHistory Bad()
    {
        var history = new ExecutionHistory();
        foreach (string step in Steps)
        {
            history.Enter(step);
            _ = step == "Publish root CRL"
                ? history.Fail("CaKeyUnavailableException", """{"errorType":"CaKeyUnavailableException","errorMessage":"KMS key 'alias/serverless-root-ca-dev' is disabled. Enable it."}""")
                : history.Succeed();
            history.Exit(step);
        }

        history.Enter("Issue certificates", map: true).StartMap().Count(40, 40).EndMap().Exit("Issue certificates", map: true);
        return history.Enter("Send reminders").Succeed().Exit("Send reminders").End(
            "FAILED", "PipelineFailed",
            "Errors by step: create-root-ca none; root-ca-crl CaKeyUnavailableException; create-issuing-ca none; issuing-ca-crl none; expiry none; "
            + "tls-cert none. Entries of tls.json that failed: 2 "
            + """[{"Position":4,"CommonName":"www.example.com","Error":"LedgerUnavailableException"},{"Position":18,"Error":"Runtime.ExitError"}]""");
    }
}
