using Microsoft.AspNetCore.Http;
using ServerlessCA.Core;
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
        IReadOnlyList<HealthFinding> now = await CheckAsync(cancellation);
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

    private async Task<IReadOnlyList<HealthFinding>> CheckAsync(CancellationToken cancellation)
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

/// <summary>The body of <c>/health</c>, which lists the worst findings first and has the same members as <c>health
/// --output json</c>. Immutable.</summary>
/// <param name="Status">The worst level.</param>
/// <param name="Version">The program's version; null for callers who may not read it.</param>
/// <param name="Findings">Null for callers who may not read them.</param>
internal sealed record HealthBody(string Status, string? Version, IReadOnlyList<HealthEntry>? Findings)
{
    /// <summary>Makes the body from findings.</summary>
    public static HealthBody Of(IReadOnlyList<HealthFinding> findings) => new(
        Worst(findings).ToString(),
        Product.Version,
        [.. findings.OrderByDescending(finding => finding.Level)
            .Select(finding => new HealthEntry(finding.Level.ToString(), finding.Check, finding.Message))]);

    /// <summary>Returns the worst level of findings.</summary>
    public static HealthLevel Worst(IReadOnlyList<HealthFinding> findings) => findings.Max(finding => finding.Level);
}

/// <summary>Holds one finding, as <c>/health</c> shows it.</summary>
/// <param name="Level">The level of the finding.</param>
/// <param name="Subject">The name of the check.</param>
/// <param name="Text">The message of the finding.</param>
internal sealed record HealthEntry(string Level, string Subject, string Text);
