using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Revocation;

public sealed class CrlRenewalTests
{
    private static readonly TimeSpan Life = new CaSettings { Names = new CaNames("serverless", "dev", []) }.IssuingCrlLife;

    [Fact]
    public void A_CRL_is_good_for_two_pauses_at_least_and_replaced_when_half_of_its_life_is_over()
    {
        Assert.Equal(new TimeSpan(12, 5, 0), CrlRenewal.LongestPause(Life));
        Assert.Equal(TimeSpan.FromHours(12), CrlRenewal.LeastLife(TimeSpan.FromHours(6)));
        Assert.Equal(Life, CrlRenewal.LeastLife(CrlRenewal.LongestPause(Life)));
    }

    // A local CA may run once a day, and its owner look at its health at any time.
    [Fact]
    public async Task A_CRL_that_is_replaced_once_a_day_is_almost_over_in_its_last_hours_only()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await PublishCrl.OfIssuing(authority.Deployment).RunAsync(CancellationToken.None);
        Assert.True(CertificateRevocationList.TryDecode(
            authority.Published.Files[TestAuthority.IssuingName + ".crl"].Content, out CertificateRevocationList? crl));

        Assert.Equal(CrlAge.HalfOver, CrlRenewal.AgeOf(crl, crl.ThisUpdate + TimeSpan.FromHours(22)));
        Assert.Equal(CrlAge.AlmostOver, CrlRenewal.AgeOf(crl, crl.NextUpdate - TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task From_the_second_of_its_date_to_that_of_the_next_update_a_CRL_is_fresh_then_half_over_then_almost_over()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.PublishAsync();
        CertificateRevocationList crl = authority.Crl();
        TimeSpan life = crl.NextUpdate - crl.ThisUpdate;
        var second = TimeSpan.FromSeconds(1);

        Assert.Equal(
            [CrlAge.Ahead, CrlAge.Fresh, CrlAge.Fresh, CrlAge.HalfOver, CrlAge.AlmostOver, CrlAge.Over],
            new[] { -second, TimeSpan.Zero, life / 2, (life / 2) + second, life - second, life }.Select(age => CrlRenewal.AgeOf(crl, crl.ThisUpdate + age)));
    }
}
