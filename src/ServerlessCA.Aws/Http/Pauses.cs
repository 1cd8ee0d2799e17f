namespace ServerlessCA.Aws.Http;

/// <summary>Pauses between attempts: a random part of a limit that doubles ("full jitter", AWS Architecture Blog).</summary>
internal sealed class Pauses(AwsPatience patience, TimeProvider clock)
{
    public Task WaitAsync(int attempt, CancellationToken cancellation)
    {
        TimeSpan limit = patience.Pause * Math.Pow(2, attempt - 1);
        TimeSpan longest = limit < patience.LongestPause ? limit : patience.LongestPause;
#pragma warning disable RS0030 // It only spreads callers over time: no result depends on it.
        return Task.Delay(longest * Random.Shared.NextDouble(), clock, cancellation);
#pragma warning restore RS0030
    }
}
