using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Server.Tests.Schedule;

public sealed class ScheduleTests
{
    [Fact]
    public void Serve_publishes_CRLs_as_often_as_the_one_with_the_shorter_life_has_to_be_renewed()
    {
        var settings = new CaSettings
        {
            Names = new CaNames("serverless", "dev", []),
            RootCrlLife = TimeSpan.FromDays(30),
            IssuingCrlLife = TimeSpan.FromHours(9),
        };

        var schedule = Server.Schedule.Schedule.Of(settings, TimeSpan.FromDays(1));

        Assert.Equal(TimeSpan.FromHours(4.5), schedule.PublishEvery);
        Assert.True(settings.IssuingCrlLife >= CrlRenewal.LeastLife(schedule.PublishEvery));
    }
}
