using Microsoft.AspNetCore.Http;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Health;

/// <summary>Reports the CA's health to load balancers and monitoring. The checks take a while for a large ledger, so
/// all requests within half a minute get the same answer.</summary>
internal sealed class HealthEndpoint(Deployment ca) : IAsyncDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30); // our decision

    private readonly CheckHealth check = new(ca);
    private readonly SemaphoreSlim turn = new(1);
    private IReadOnlyList<HealthFinding> findings = [];
    private long lookedAt;

    /// <summary>Returns the answer.</summary>
    /// <param name="known">Whether the caller may read the findings, and not only the worst level.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<ApiReply> AnswerAsync(bool known, CancellationToken cancellation)
    {
        var health = HealthAnswer.Of(await FindingsAsync(cancellation));
        return ApiReply.Json(writer => HealthDocument.Write(writer, known ? health : health.StatusAlone())) with
        {
            Status = health.Status == HealthLevel.Critical ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK,
            Headers = [("Cache-Control", "no-store")],
        };
    }

    /// <summary>Returns everything, for a caller who may read it. A CA in bad health is no failed call: the status is
    /// 200.</summary>
    public async Task<ApiReply> DocumentAsync(CancellationToken cancellation) =>
        await AnswerAsync(known: true, cancellation) with { Status = StatusCodes.Status200OK };

    /// <summary>Returns what was found within the last half a minute.</summary>
    public async Task<IReadOnlyList<HealthFinding>> FindingsAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            if (findings.Count == 0 || ca.Clock.GetElapsedTime(lookedAt) > MaxAge)
            {
                findings = await FindAsync(cancellation);
                lookedAt = ca.Clock.GetTimestamp();
            }

            return findings;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<IReadOnlyList<HealthFinding>> FindAsync(CancellationToken cancellation)
    {
        try
        {
            return await check.RunAsync(cancellation);
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            return [new HealthFinding(HealthLevel.Critical, "CA", fault.Message)];
        }
    }
}
