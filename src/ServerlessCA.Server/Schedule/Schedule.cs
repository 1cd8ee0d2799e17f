using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Server.Schedule;

/// <summary>When to do what again. Immutable.</summary>
/// <param name="RunEvery">From one run of the pipeline to the next.</param>
/// <param name="PublishEvery">From one CRL to the next.</param>
internal sealed record Schedule(TimeSpan RunEvery, TimeSpan PublishEvery)
{
    /// <summary>Of settings: both CRLs are published as often as the one with the shorter life has to be (<see cref="CrlRenewal"/>).</summary>
    public static Schedule Of(CaSettings settings, TimeSpan runEvery)
    {
        TimeSpan shortest = settings.RootCrlLife < settings.IssuingCrlLife ? settings.RootCrlLife : settings.IssuingCrlLife;
        return new Schedule(runEvery, CrlRenewal.LongestPause(shortest));
    }
}
