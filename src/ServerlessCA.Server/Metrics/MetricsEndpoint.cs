using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Health;
using ServerlessCA.Server.Http;
using ServerlessCA.Server.Logging;

namespace ServerlessCA.Server.Metrics;

/// <summary>Serves the metrics to Prometheus. On loopback without credentials every program of this machine reads them; else
/// callers of the functions, and holders of a token that admits to nothing else. What is read from ledger and files is the same
/// for all requests within some seconds.</summary>
internal sealed class MetricsEndpoint(
    Deployment ca, ServerMetrics metrics, HealthEndpoint health, WaitingNotifications waiting, Authenticator authenticator, AccessToken? token, ILogger log) : IAsyncDisposable
{
    private const string Prefix = "serverless_ca_";
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10); // our decision: below the interval at which Prometheus usually scrapes
    private static readonly Caller Scraper = new("token metrics", null, Caller.Reader.Rights);

    private readonly CaStates states = new(ca);
    private readonly SemaphoreSlim turn = new(1);
    private readonly DateTimeOffset begun = ca.Clock.GetUtcNow();
    private string? state;
    private long readAt;

    /// <summary>Responds to GET and HEAD.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        if (await WhyNotAsync(context) is { } fault)
        {
            log.NotAdmitted(context.TraceIdentifier, AccessLog.PeerOf(context), fault.Message);
            await ApiReply.Of(fault).WriteAsync(context);
            return;
        }

        var text = new MetricsText();
        text.Family($"{Prefix}build_info", "gauge", "The version of the program; the value is always 1.");
        text.Sample($"{Prefix}build_info", MetricsText.Labels(("version", Product.Version)), 1);
        text.Gauge($"{Prefix}start_timestamp_seconds", "When the server was started.", begun.ToUnixTimeSeconds());
        metrics.Write(text);
        string body = text + await StateAsync(context.RequestAborted);
        await new ApiReply(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(body))
        {
            ContentType = MetricsText.MediaType,
            Headers = [("Cache-Control", "no-store")],
        }.WriteAsync(context);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ApiFault?> WhyNotAsync(HttpContext context)
    {
        if (token is not null && Bearer.TokenOf(context.Request.Headers.Authorization.ToString()) is { } given && token.Is(given))
        {
            AccessLog.Note(context, Scraper);
            return null;
        }

        Admission admission = await authenticator.BeginAsync(context, context.RequestAborted);
        if ((admission.Fault ?? Authenticator.Complete(admission, () => SHA256.HashData([]))) is { } fault)
        {
            return fault;
        }

        AccessLog.Note(context, admission.Caller!);
        return null;
    }

    private async Task<string> StateAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            if (state is null || ca.Clock.GetElapsedTime(readAt) > MaxAge)
            {
                state = await ReadAsync(cancellation);
                readAt = ca.Clock.GetTimestamp();
            }

            return state;
        }
        finally
        {
            turn.Release();
        }
    }

    // A scrape that failed would hide what the counters say: what cannot be read is left out, and a metric says so.
    private async Task<string> ReadAsync(CancellationToken cancellation)
    {
        var text = new MetricsText();
        bool isReadable = true;
        try
        {
            var part = new MetricsText();
            WriteCas(part, await states.ReadAsync(cancellation));
            await waiting.WriteAsync(part, cancellation);
            text = part;
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            log.Unexpected("metrics", fault);
            isReadable = false;
        }

        text.Gauge($"{Prefix}state_readable", "Whether ledger and published files can be read; if not, metrics of CAs and notifications are missing.", isReadable ? 1 : 0);
        text.Family($"{Prefix}health_findings", "gauge", "Findings of the health check, by level.");
        IReadOnlyList<HealthFinding> findings = await health.FindingsAsync(cancellation);
        foreach (HealthLevel level in Enum.GetValues<HealthLevel>())
        {
            text.Sample($"{Prefix}health_findings", MetricsText.Labels(("level", level.ToString().ToLowerInvariant())), findings.Count(finding => finding.Level == level));
        }

        return text.ToString();
    }

    private void WriteCas(MetricsText text, IReadOnlyList<CaState> cas)
    {
        DateTimeOffset now = ca.Clock.GetUtcNow();
        CaState[] withCrl = [.. cas.Where(one => one.Crl is not null)];
        Each(text, cas, "ca_not_after_timestamp_seconds", "When the certificate of the CA ends.", one => one.NotAfter.ToUnixTimeSeconds());
        Each(text, cas, "ca_revoked", "Whether the certificate of the CA was revoked.", one => one.IsRevoked ? 1 : 0);
        Each(text, cas, "crl_published", "Whether a CRL is published that the CA has signed.", one => one.Crl is null ? 0 : 1);
        Each(text, withCrl, "crl_number", "The number of the published CRL.", one => one.Crl!.Number);
        Each(text, withCrl, "crl_entries", "How many certificates the published CRL lists.", one => one.Crl!.EntryCount);
        Each(text, withCrl, "crl_age_seconds", "Time since the date of the published CRL.", one => (now - one.Crl!.ThisUpdate).TotalSeconds);
        Each(text, withCrl, "crl_this_update_timestamp_seconds", "The date of the published CRL.", one => one.Crl!.ThisUpdate.ToUnixTimeSeconds());
        Each(text, withCrl, "crl_next_update_timestamp_seconds", "When the published CRL ends: from then on programs refuse certificates.", one => one.Crl!.NextUpdate.ToUnixTimeSeconds());
    }

    private static void Each(MetricsText text, IReadOnlyList<CaState> cas, string name, string help, Func<CaState, double> value)
    {
        text.Family(Prefix + name, "gauge", help);
        foreach (CaState one in cas)
        {
            text.Sample(Prefix + name, MetricsText.Labels(("ca", one.Name)), value(one));
        }
    }
}
