using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Http;
using ServerlessCA.Server.Logging;
using ServerlessCA.Server.Metrics;
using ServerlessCA.Server.Schedule;

namespace ServerlessCA.Server.Api;

/// <summary>Runs the pipeline once, besides the daily work. One caller at a time runs it: a second one would only do the same work
/// again.</summary>
internal sealed class RunEndpoint(Deployment ca, ServerMetrics metrics, ILogger log) : IAsyncDisposable
{
    private const string LogName = "run";

    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource stopping = new();

    /// <summary>The call.</summary>
    public ApiOperation Operation => new(HttpMethods.Post, "/run", ApiCall.Operate, AnswerAsync) { MaxBody = ApiOperation.SmallBody };

    /// <summary>Stops a run between two of its stores, and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await turn.WaitAsync();
        turn.Dispose();
        stopping.Dispose();
    }

    private async Task<ApiReply> AnswerAsync(ApiRequest request)
    {
        if (!ApiBody.TryRead(request.Body, [], out _, out ApiRefusal? broken))
        {
            return broken.ToReply();
        }

        if (!await turn.WaitAsync(TimeSpan.Zero))
        {
            Log(request, "throttled");
            return ApiRefusal.Busy("Another call runs the pipeline now.").ToReply();
        }

        try
        {
            // Not the caller's end: a run that a closed window stops would be half done.
            PipelineReport report = await WatchedRun.RunAsync(
                ca with { Actor = ServerActor.Of(request.Caller!.Caller) }, RunPipeline.Steps, bug => log.Unexpected(request.Id, bug), stopping.Token);
            metrics.Ran(report, ca.Clock.GetUtcNow());
            Log(request, report.Failed ? "failed" : "done");
            return ApiReply.Json(writer => RunDocument.Write(writer, new RunResult(report, new DeliveryReport([]), Location: null)));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Log(request, "stopped");
            return ApiRefusal.Busy("The server stops: the next run completes this one.").ToReply();
        }
        finally
        {
            turn.Release();
        }
    }

    private void Log(ApiRequest request, string outcome) => log.Called(request, LogName, outcome);
}
