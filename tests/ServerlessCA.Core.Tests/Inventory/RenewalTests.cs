using ServerlessCA.Contracts;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Inventory;

public sealed class RenewalHistoryTests
{
    private static readonly byte[] Key = RealCertificate.EcKey();

    [Fact]
    public void Each_certificate_was_replaced_by_the_next_one_of_its_subject()
    {
        CertificateRecord[] rows = [Row(1, issued: 0, days: 30), Row(2, issued: 10, days: 30), Row(3, issued: 20, days: 30)];

        Assert.Equal(["3>- ends", "2>3 renewed", "1>2 renewed"], Sent(rows));
    }

    [Fact]
    public void A_successor_that_is_revoked_or_ends_sooner_replaces_without_renewing()
    {
        CertificateRecord revoked = Row(2, issued: 10, days: 30) with { Revoked = new CertificateRevocation(Some.Time.AddDays(11)) };

        Assert.Equal(["2>- ends", "1>2 ends"], Sent(Row(1, issued: 0, days: 30), revoked));
        Assert.Equal(["2>- ends", "1>2 ends"], Sent(Row(1, issued: 0, days: 30), Row(2, issued: 10, days: 5)));
        Assert.Equal(["3>- ends", "2>3 renewed", "1>2 renewed"], Sent(Row(1, issued: 0, days: 30), revoked, Row(3, issued: 20, days: 30)));
    }

    [Fact]
    public void Another_subject_of_the_same_name_and_what_cannot_be_read_replace_nothing()
    {
        CertificateRecord other = Row(2, issued: 10, days: 30) with { CertificatePem = RealCertificate.Pem("a,O=Other", 2, Key) };
        CertificateRecord unreadable = Row(3, issued: 20, days: 30) with { CertificatePem = Some.Pem("nothing") };

        Assert.Equal(["3>- ends", "2>- ends", "1>- ends"], Sent(Row(1, issued: 0, days: 30), other, unreadable));
    }

    private static CertificateRecord Row(long serial, int issued, int days) => Some.Record("a", serial) with
    {
        Issued = Some.Time.AddDays(issued),
        Expires = Some.Time.AddDays(issued + days),
        CertificatePem = RealCertificate.Pem("a", serial, Key),
    };

    private static string[] Sent(params CertificateRecord[] rows) => [.. RenewalHistory.Of(rows).Select(one =>
        $"{one.Row.SerialNumber}>{one.ReplacedBy?.SerialNumber.ToString() ?? "-"} {(one.IsRenewed ? "renewed" : "ends")}")];
}
