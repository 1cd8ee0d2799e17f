using ServerlessCA.Contracts;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Renewals;
using Xunit;

namespace ServerlessCA.Core.Tests.Renewals;

public sealed class RenewalDecisionTests
{
    private static readonly string Pem = RealCertificate.Pem("a", 17, RealCertificate.EcKey());

    private static readonly KnownCertificate Ours = new(IsOfThisCa: true, Revoked: null);

    // The certificate is valid for 30 days.
    [Theory]
    [InlineData(0, null, RenewalReason.NotDue)]
    [InlineData(19.9, null, RenewalReason.NotDue)]
    [InlineData(21.6, null, RenewalReason.Due)]
    [InlineData(30.1, null, RenewalReason.Expired)]
    [InlineData(22.9, 7.0, RenewalReason.NotDue)]
    [InlineData(23, 7.0, RenewalReason.Due)]
    [InlineData(0, 36_500.0, RenewalReason.NotDue)]
    [InlineData(21.6, 36_500.0, RenewalReason.Due)]
    [InlineData(30.1, 0.0, RenewalReason.Expired)]
    public void Its_life_decides_by_the_schedule_or_by_the_days_before_its_end(double days, double? within, RenewalReason expected)
    {
        var decision = RenewalDecision.Of(Certificate(), Some.Time.AddDays(days), within is { } before ? TimeSpan.FromDays(before) : null, Ours);

        Assert.Equal((expected, expected != RenewalReason.NotDue), (decision.Reason, decision.IsNeeded));
    }

    [Fact]
    public void A_time_before_the_end_that_is_as_long_as_the_life_counts_as_none_since_every_new_certificate_would_be_due()
    {
        Certificate certificate = Certificate();
        TimeSpan life = certificate.NotAfter - certificate.NotBefore - Backdating.Time;
        var bySchedule = RenewalDecision.Of(certificate, Some.Time, within: null, known: null);

        Assert.All((TimeSpan[])[life, TimeSpan.FromDays(36_500), TimeSpan.MaxValue], within =>
            Assert.Equal((bySchedule.DueAt, true), (RenewalDecision.Of(certificate, Some.Time, within, known: null) is var decision ? decision.DueAt : default, decision.IsWithinIgnored)));
        var shorter = RenewalDecision.Of(certificate, Some.Time, life - TimeSpan.FromSeconds(1), known: null);
        Assert.Equal((certificate.NotAfter - life + TimeSpan.FromSeconds(1), false), (shorter.DueAt, shorter.IsWithinIgnored));
        Assert.False(bySchedule.IsWithinIgnored);
    }

    [Fact]
    public void Another_CA_comes_before_a_revocation_and_that_before_the_dates()
    {
        var revoked = new CertificateRevocation(Some.Time, RevocationReason.Superseded);

        Assert.Equal(RenewalReason.OtherCa, RenewalDecision.Of(Certificate(), Some.Time.AddDays(40), null, KnownCertificate.Foreign).Reason);
        Assert.Equal(RenewalReason.Revoked, RenewalDecision.Of(Certificate(), Some.Time.AddDays(40), null, Ours with { Revoked = revoked }).Reason);
    }

    [Fact]
    public void A_row_counts_only_if_it_has_the_same_certificate()
    {
        CertificateRecord row = Some.Record("a", 17) with { CertificatePem = Pem, Revoked = new CertificateRevocation(Some.Time) };
        CertificateRecord other = row with { CertificatePem = RealCertificate.Pem("a", 17, RealCertificate.EcKey()) };

        Assert.Equal(new KnownCertificate(IsOfThisCa: true, row.Revoked), KnownCertificate.In([other, row], Certificate()));
        Assert.Equal(KnownCertificate.Foreign, KnownCertificate.In([other], Certificate()));
        Assert.Equal(KnownCertificate.Foreign, KnownCertificate.In([], Certificate()));
    }

    private static Certificate Certificate()
    {
        Assert.True(Core.Certificates.Certificate.TryDecodePem(Pem, out Certificate? certificate));
        return certificate;
    }
}
