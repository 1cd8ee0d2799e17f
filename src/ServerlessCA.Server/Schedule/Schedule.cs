using ServerlessCA.Core.Settings;

namespace ServerlessCA.Server.Schedule;

/// <summary>When to do what again. Immutable.</summary>
/// <param name="RunEvery">From one run of the pipeline to the next.</param>
/// <param name="PublishEvery">From one CRL to the next.</param>
internal sealed record Schedule(TimeSpan RunEvery, TimeSpan PublishEvery)
{
    /// <summary>Of settings: CRLs are replaced at half of their life, so that a fault leaves time to mend it.</summary>
    public static Schedule Of(CaSettings settings, TimeSpan runEvery)
    {
        TimeSpan shortest = settings.RootCrlLife < settings.IssuingCrlLife ? settings.RootCrlLife : settings.IssuingCrlLife;
        return new Schedule(runEvery, shortest / 2);
    }
}
