using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;
using ServerlessCA.Emulators;
using ServerlessCA.Emulators.StepFunctions;

namespace ServerlessCA.Cli.Tests.Commands.Aws;

/// <summary>Tests <c>run</c> with a CA on AWS.</summary>
public sealed class AwsRunTests
{
    private const string Entries = """[{"common_name": "a.example.com", "csr_file": "a.csr"}, {"common_name": "b.example.com", "csr_file": "b.csr"}]""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_deployed_state_machine_makes_a_whole_CA()
    {
        StateMachineDefinition.SkipUnlessRunnable();
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        await RunTheRealOneAsync(session, ca);

        Result result = (await session.RunRawAsync("run", "--ca", ca.Location, "--output", "json")).Done();

        Assert.Equal("SUCCEEDED", result.Json.GetProperty("Status").GetString());
        Assert.Equal(
            ["create-root-ca", "root-ca-crl", "create-issuing-ca", "issuing-ca-crl", "tls-cert", "expiry"],
            result.Json.GetProperty("Steps").EnumerateArray().Select(step => step.GetProperty("Step").GetString()));
        (await session.RunRawAsync("chain", "--ca", ca.Location)).Done();
    }

    [Fact]
    public async Task What_failed_in_the_deployed_state_machine_is_reported_step_by_step()
    {
        StateMachineDefinition.SkipUnlessRunnable();
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        await RunTheRealOneAsync(session, ca);
        ca.Functions.Before = async (context, name) =>
        {
            bool fails = name.Contains("root-ca-crl", StringComparison.Ordinal) || ca.Functions.Events[^1].Contains("b.example.com", StringComparison.Ordinal);
            if (fails)
            {
                context.Response.Headers["X-Amz-Function-Error"] = "Unhandled";
                await context.Response.WriteAsync("""{"errorType": "Broken", "errorMessage": "of the test"}""");
            }

            return fails;
        };

        Result result = await session.RunRawAsync("run", "--ca", ca.Location);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("root-ca-crl        failed  Broken: of the test\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("tls-cert           failed  1 of 2 entries failed\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("b.example.com  2      Broken\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("error: the pipeline failed: root-ca-crl, tls-cert\n", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_search_for_settled_entries_is_no_step_and_its_failure_none(bool fails)
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        ca.StateMachines.Run = () => Task.FromResult((fails
                ? new ExecutionHistory().Enter("Find settled entries").Look().Fail("LedgerUnavailableException", "of the test").Look()
                : new ExecutionHistory().Enter("Find settled entries").Look().Succeed())
            .Exit("Find settled entries")
            .Enter("Issue certificates", map: true).StartMap().Count(7, 7).Look().EndMap().Exit("Issue certificates", map: true));

        Result result = (await session.RunRawAsync("run", "--ca", ca.Location, "--verbose")).Done();

        Assert.Contains("tls-cert  done    7 entries\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("settled", result.Output + result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("failed", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_run_asks_the_function_for_no_certificate()
    {
        StateMachineDefinition.SkipUnlessRunnable();
        OpenSsl.IsNeeded();
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        GitOpsFolder.OfEntries(session.Folder, Entries, "a", "b");
        foreach (string file in (string[])["tls.json", "csrs/a.csr", "csrs/b.csr"])
        {
            await ca.Deployed.PutInternalAsync(file, await File.ReadAllTextAsync(session.Folder.At("gitops", file), Cancellation));
        }

        await ca.RunStateMachineAsync(session.Folder.At("gitops", "tls.json"));
        (await session.RunRawAsync("run", "--ca", ca.Location)).Done();
        int before = ca.Functions.Events.Count;

        Result second = (await session.RunRawAsync("run", "--ca", ca.Location)).Done();

        Assert.Contains("2 entries", second.Output, StringComparison.Ordinal);
        Assert.Single(ca.Functions.Events.Skip(before), happened => happened.Contains("settled_entries_of", StringComparison.Ordinal));
        Assert.DoesNotContain(ca.Functions.Events.Skip(before), happened => happened.Contains("example.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Progress_shows_step_and_entries()
    {
        using var session = new Session { Traits = new TerminalTraits(OutputColours: true, ErrorColours: true, Progress: true, Width: 100) };
        await using AwsCa ca = await AwsCa.StartAsync(session);
        ca.StateMachines.Run = () => Task.FromResult(new ExecutionHistory()
            .Enter("Create root CA").Look().Look().Succeed().Exit("Create root CA")
            .Enter("Issue certificates", map: true).StartMap().Count(40, 17, 3).Look().Look()
            .Count(40, 37, 3).EndMap().Exit("Issue certificates", map: true));

        Result result = (await session.RunRawAsync("run", "--ca", ca.Location)).Done();

        Assert.Contains("create-root-ca", result.Error, StringComparison.Ordinal);
        Assert.Contains("20 of 40  tls-cert, 3 failed", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_whose_answer_is_lost_is_no_second_start()
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        ca.StateMachines.FailNext("StartExecution", 0, "");
        ca.StateMachines.FailNext("StartExecution", 400, "ThrottlingException");

        (await session.RunRawAsync("run", "--ca", ca.Location)).Done();

        Assert.Single(ca.StateMachines.Names);
        Assert.Equal(3, ca.StateMachines.Calls.Count(call => call == "StartExecution"));
    }

    [Theory]
    [InlineData("StartExecution", "AccessDeniedException", "hint: allow states:ListStateMachines")]
    [InlineData("ListStateMachines", "AccessDeniedException", "hint: allow states:ListStateMachines")]
    [InlineData("GetExecutionHistory", "AccessDeniedException", "error: the pipeline runs, but cannot be watched: SFN GetExecutionHistory: AccessDeniedException")]
    public async Task What_is_not_allowed_is_named(string operation, string type, string message)
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        ca.StateMachines.FailNext(operation, 400, type);

        Result result = await session.RunRawAsync("run", "--ca", ca.Location);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_may_not_see_the_map_sees_the_rest()
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        ca.StateMachines.FailNext("DescribeMapRun", 400, "AccessDeniedException");
        ca.StateMachines.Run = () => Task.FromResult(new ExecutionHistory()
            .Enter("Issue certificates", map: true).StartMap().Count(4, 4).Look().EndMap().Exit("Issue certificates", map: true));

        Result result = (await session.RunRawAsync("run", "--ca", ca.Location)).Done();

        Assert.Contains("tls-cert  done\n", result.Output, StringComparison.Ordinal);
        Assert.Single(ca.StateMachines.Calls, "DescribeMapRun");
    }

    [Fact]
    public async Task A_history_that_lags_behind_the_end_is_no_failure()
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        ca.StateMachines.Run = () => Task.FromResult(new ExecutionHistory().Enter("Create root CA"));

        Result result = (await session.RunRawAsync("run", "--ca", ca.Location)).Done();

        Assert.Contains("create-root-ca  done\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TIMED_OUT", null, null, "the pipeline failed: TIMED_OUT")]
    [InlineData("ABORTED", "of the operator", "by hand", "the pipeline failed: ABORTED: of the operator: by hand")]
    [InlineData("FAILED", "States.Runtime", "An error occurred", "the pipeline failed: FAILED: States.Runtime: An error occurred")]
    public async Task Other_ends_are_reported_as_they_are(string status, string? error, string? cause, string message)
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        ca.StateMachines.Run = () => Task.FromResult(new ExecutionHistory().Enter("Create root CA").End(status, error, cause));

        Result result = await session.RunRawAsync("run", "--ca", ca.Location);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains($"error: {message}\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("create-root-ca  cut short", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_it_stops_watching_and_says_that_the_pipeline_goes_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGINT to send");
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        var endless = new ExecutionHistory();
        for (int look = 0; look < 1000; look++)
        {
            endless.Look();
        }

        var looked = new TaskCompletionSource();
        ca.StateMachines.Run = () => Task.FromResult(endless);
        ca.StateMachines.Called = operation => _ = operation == "GetExecutionHistory" && looked.TrySetResult();
        string[] environment = ["env", .. session.Variables.Select(variable => $"{variable.Key}={variable.Value}")];
        using Process process = Executable.StartUnder(environment, session.Folder.Path, "run", "--ca", ca.Location);
        Task<Result> end = Executable.ResultOfAsync(process);
        await Task.WhenAny(looked.Task, end);

        using (Process interrupt = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await interrupt.WaitForExitAsync(Cancellation);
        }

        Result result = await end;
        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.StartsWith(
            "error: stopped watching; the pipeline goes on\nhint: aws stepfunctions describe-execution --execution-arn arn:aws:states:", result.Error, StringComparison.Ordinal);
    }

    private static Task RunTheRealOneAsync(Session session, AwsCa ca) => ca.RunStateMachineAsync(session.Folder.Write("tls.json", Entries));
}
