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

        Assert.False(CrlRenewal.IsAlmostOver(crl, crl.ThisUpdate + TimeSpan.FromHours(22)));
        Assert.True(CrlRenewal.IsAlmostOver(crl, crl.NextUpdate - TimeSpan.FromHours(1)));
    }
}
