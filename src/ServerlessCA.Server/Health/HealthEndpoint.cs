using Microsoft.AspNetCore.Http;
using ServerlessCA.Core;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Health;

/// <summary>Tells load balancers and monitoring how the CA is. Looking takes a while for a large ledger, so everybody
/// within half a minute gets the same answer.</summary>
internal sealed class HealthEndpoint(Deployment ca) : IAsyncDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30); // our decision

    private readonly CheckHealth check = new(ca);
    private readonly SemaphoreSlim turn = new(1);
    private IReadOnlyList<HealthFinding> findings = [];
    private long lookedAt;

    /// <summary>Answers.</summary>
    /// <param name="known">Whether the caller may know what was found, not only how bad it is.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<ApiReply> AnswerAsync(bool known, CancellationToken cancellation)
    {
        IReadOnlyList<HealthFinding> now = await LookAsync(cancellation);
        HealthBody body = HealthBody.Of(now);
        bool critical = HealthBody.Worst(now) == HealthLevel.Critical;
        return ApiReply.Ok(known ? body : body with { Version = null, Findings = null }) with
        {
            Status = critical ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK,
            Headers = [("Cache-Control", "no-store")],
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<IReadOnlyList<HealthFinding>> LookAsync(CancellationToken cancellation)
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

/// <summary>What <c>/health</c> answers, worst first; the same members as <c>health --output json</c>. Immutable.</summary>
/// <param name="Status">The worst level.</param>
/// <param name="Version">The program's; null for callers that may not know more.</param>
/// <param name="Findings">Null for callers that may not know more.</param>
internal sealed record HealthBody(string Status, string? Version, IReadOnlyList<HealthEntry>? Findings)
{
    /// <summary>Of findings.</summary>
    public static HealthBody Of(IReadOnlyList<HealthFinding> findings) => new(
        Worst(findings).ToString(),
        Product.Version,
        [.. findings.OrderByDescending(finding => finding.Level)
            .Select(finding => new HealthEntry(finding.Level.ToString(), finding.Check, finding.Message))]);

    /// <summary>The worst level of findings.</summary>
    public static HealthLevel Worst(IReadOnlyList<HealthFinding> findings) => findings.Max(finding => finding.Level);
}

/// <summary>One finding.</summary>
/// <param name="Level">How bad.</param>
/// <param name="Subject">What was looked at.</param>
/// <param name="Text">What was found.</param>
internal sealed record HealthEntry(string Level, string Subject, string Text);
