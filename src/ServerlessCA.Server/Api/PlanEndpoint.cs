using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Server.Http;
using ServerlessCA.Server.Logging;

namespace ServerlessCA.Server.Api;

/// <summary>Plans what a request, or the files of a GitOps folder, would come to. It changes nothing. Plans are made one at a time,
/// as each may read much of the ledger; and each has a limit of time, so that nobody holds up all others.</summary>
internal sealed class PlanEndpoint(Deployment ca, ILogger log) : IAsyncDisposable
{
    private const int MaxBody = OperationResult.MaxBytes; // as for an event: thousands of entries with their CSRs
    private const int MaxWaiting = 20; // our decision: further callers shall come again
    private const string LogName = "plan";

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30); // our decision: a person waits for it
    private static readonly TimeSpan LongestPlan = TimeSpan.FromMinutes(5); // our decision: the most entries took 90 seconds on a busy machine

    private readonly SemaphoreSlim turn = new(1);
    private int waiting;

    /// <summary>The call.</summary>
    public ApiOperation Operation => new(HttpMethods.Post, "/plan", ApiCall.Plan, AnswerAsync) { MaxBody = MaxBody };

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ApiReply> AnswerAsync(ApiRequest request)
    {
        if (Interlocked.Increment(ref waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return Left(request, ApiRefusal.Busy("Too many plans wait."));
        }

        try
        {
            return await InTurnAsync(request);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private async Task<ApiReply> InTurnAsync(ApiRequest request)
    {
        if (!await WithinAsync(LongestWait, turn.WaitAsync, request.Cancellation))
        {
            return Left(request, ApiRefusal.Busy("Another plan is made now."));
        }

        try
        {
            ApiReply? reply = null;
            return await WithinAsync(LongestPlan, async over => reply = await PlanAsync(request, over), request.Cancellation)
                ? reply!
                : Left(request, ApiRefusal.Busy($"The plan took more than {LongestPlan.TotalMinutes:0} minutes: plan fewer entries at once, or on the machine of the CA."));
        }
        finally
        {
            turn.Release();
        }
    }

    // False: the time was over.
    private async Task<bool> WithinAsync(TimeSpan longest, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource(longest, ca.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellation);
        try
        {
            await work(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    // The body, too, is read in turn: a document of many small values takes many times its bytes.
    private async Task<ApiReply> PlanAsync(ApiRequest request, CancellationToken cancellation)
    {
        if (!PlannedFiles.TryRead(request.Body, out PlannedFiles? files, out ApiRefusal? broken))
        {
            return broken.ToReply();
        }

        var run = new PlanRun(ca with { InternalFiles = files }, ca.Keys)
        {
            Targets = files.Targets,
            Rights = files.IsRequest ? request.Caller!.Caller.Rights : CallerRights.Everything.Under(request.Caller!.Caller.Rights.Policy),
        };
        Plan plan = await run.RunAsync(cancellation);
        Log(request, "done");
        return ApiReply.Json(writer => PlanDocument.Write(writer, files.HasEntries ? plan : plan with { Vanished = VanishedEntries.None }, show: true));
    }

    private ApiReply Left(ApiRequest request, ApiRefusal why)
    {
        Log(request, "throttled");
        return why.ToReply();
    }

    private void Log(ApiRequest request, string outcome) => log.Called(request, LogName, outcome);
}
