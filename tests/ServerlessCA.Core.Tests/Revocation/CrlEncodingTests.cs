using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Tests.Certificates;
using Xunit;

namespace ServerlessCA.Core.Tests.Revocation;

public sealed class GoldenCrlTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 20, 30, TimeSpan.Zero);

    // From here on times have four digits of a year.
    private static readonly DateTimeOffset Late = new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly CrlEntry[] Entries =
    [
        new(SerialNumber.Parse("451025109134106469249271294781155727181841017344"),
            Late, RevocationReason.PrivilegeWithdrawn),
        new(SerialNumber.Of(0x80), Now.AddDays(-2), RevocationReason.KeyCompromise),
        new(SerialNumber.Of(1), Now.AddDays(-3), RevocationReason.Unspecified),
    ];

    [Theory]
    [InlineData("empty.crl", 1, 0)]
    [InlineData("entries.crl", 300, 3)]
    public async Task A_CRL_is_byte_for_byte_that_of_another_implementation(string file, long number, int count)
    {
        Assert.True(Certificate.TryDecode(Golden.Read("issuing.der"), out Certificate? issuer));
        byte[] golden = Golden.Read(file);
        DateTimeOffset at = count == 0 ? Now : Late;
        var template = new CrlTemplate(issuer, number, at.AddMilliseconds(3), at.AddDays(1).AddSeconds(600.5), Entries[..count]);
        RecordedKey key = RecordedKey.Of(issuer, Golden.SignatureOf(golden));

        CertificateRevocationList made = await CrlSigner.SignAsync(template, key, TestContext.Current.CancellationToken);

        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(made.Der.Span));
    }

    [Fact]
    public void A_CRL_of_another_implementation_is_read_as_it_is()
    {
        Assert.True(Certificate.TryDecode(Golden.Read("issuing.der"), out Certificate? issuer));
        Assert.True(CertificateRevocationList.TryDecode(Golden.Read("entries.crl"), out CertificateRevocationList? crl));

        Assert.Equal(300, crl.Number);
        Assert.Equal(Late, crl.ThisUpdate);
        Assert.Equal(Late.AddSeconds(87_000), crl.NextUpdate);
        Assert.Equal(issuer.SubjectDer.ToArray(), crl.IssuerDer.ToArray());
        Assert.Equal(issuer.SubjectKeyIdentifier!.Value.ToArray(), crl.AuthorityKeyIdentifier!.Value.ToArray());
        Assert.Equal(3, crl.EntryCount);
        Assert.Equal(Entries.Reverse(), crl.Entries());
        Assert.True(crl.IsSignedBy(issuer.PublicKey!));
    }
}
