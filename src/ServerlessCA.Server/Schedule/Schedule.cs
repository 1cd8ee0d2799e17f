using ServerlessCA.Core.Retries;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Server.Schedule;

/// <summary>When to do what again. Immutable.</summary>
/// <param name="RunEvery">From one run of the pipeline to the next.</param>
/// <param name="PublishEvery">From one CRL to the next.</param>
internal sealed record Schedule(TimeSpan RunEvery, TimeSpan PublishEvery)
{
    private static readonly Backoff Retries = new(TimeSpan.FromMinutes(10)); // our decision: a fault that ends by itself has ended by then

    /// <summary>How long to wait before what failed is tried again.</summary>
    /// <param name="longest">At most so long.</param>
    public static Backoff RetriesUpTo(TimeSpan longest) => Retries with { Longest = longest };

    /// <summary>Of settings: both CRLs are published as often as the one with the shorter life has to be (<see cref="CrlRenewal"/>).</summary>
    public static Schedule Of(CaSettings settings, TimeSpan runEvery)
    {
        TimeSpan shortest = settings.RootCrlLife < settings.IssuingCrlLife ? settings.RootCrlLife : settings.IssuingCrlLife;
        return new Schedule(runEvery, CrlRenewal.LongestPause(shortest));
    }
}
