using System.Text;
using Org.BouncyCastle.Cms;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Inventory;

/// <summary>Checks the files in which a certificate is downloaded.</summary>
public sealed class CertificateDownloadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_form_has_its_certificates_and_its_name()
    {
        (TestAuthority authority, CertificateRecord row) = await IssuedAsync();
        async Task<CertificateDownload> Make(CertificateForm form) =>
            (await CertificateDownload.OfAsync(form, row, authority.Ledger, authority.Settings.Names, Cancellation))!;
        string root = authority.Ledger.Records.Single(ca => ca.CommonName == TestAuthority.RootName).CertificatePem;
        string issuing = authority.Ledger.Records.Single(ca => ca.CommonName == TestAuthority.IssuingName).CertificatePem;

        CertificateDownload pem = await Make(CertificateForm.Pem);
        CertificateDownload der = await Make(CertificateForm.Der);
        CertificateDownload chain = await Make(CertificateForm.Chain);

        Assert.Equal(("one.pem", row.CertificatePem), (pem.Name, Text(pem)));
        Assert.Equal(("one.cer", "application/pkix-cert"), (der.Name, der.MediaType));
        Assert.Equal(row.Certificate!.Der.ToArray(), der.Content.ToArray());
        Assert.Equal(("one-chain.pem", row.CertificatePem + issuing + root), (chain.Name, Text(chain)));
    }

    [Fact]
    public async Task The_PKCS_7_file_holds_the_certificate_and_its_CAs_and_nothing_else()
    {
        (TestAuthority authority, CertificateRecord row) = await IssuedAsync();

        CertificateDownload file = (await CertificateDownload.OfAsync(CertificateForm.Pkcs7, row, authority.Ledger, authority.Settings.Names, Cancellation))!;

        var message = new CmsSignedData(file.Content.ToArray());
        Assert.Equal(
            authority.Ledger.Records.Select(one => Convert.ToHexString(one.Certificate!.Der.Span)).Order(),
            message.GetCertificates().EnumerateMatches(null).Select(one => Convert.ToHexString(one.GetEncoded())).Order());
        Assert.Empty(message.GetSignerInfos().GetSigners());
        Assert.Null(message.SignedContent);
        Assert.Equal("one.p7b", file.Name);
    }

    [Fact]
    public async Task A_row_whose_certificate_cannot_be_read_has_no_file()
    {
        (TestAuthority authority, CertificateRecord row) = await IssuedAsync();

        Assert.Null(await CertificateDownload.OfAsync(
            CertificateForm.Pem, row with { CertificatePem = "none" }, authority.Ledger, authority.Settings.Names, Cancellation));
    }

    [Theory]
    [InlineData("*.example.com", "_.example.com.pem")]
    [InlineData("..\\..\\etc/passwd", "_.._etc_passwd.pem")]
    [InlineData("\"; filename=x\r\n", "___filename_x__.pem")]
    [InlineData("...", "certificate.pem")]
    [InlineData("\u540d\u524d", "__.pem")]
    public async Task A_file_has_a_name_that_every_system_takes(string name, string file)
    {
        (TestAuthority _, CertificateRecord row) = await IssuedAsync();

        Assert.Equal(file, CertificateDownload.Of(CertificateForm.Pem, row.Certificate!, name, []).Name);
        Assert.InRange(CertificateDownload.Of(CertificateForm.Pem, row.Certificate!, new string('a', 1000), []).Name.Length, 1, 200);
    }

    private static string Text(CertificateDownload file) => Encoding.ASCII.GetString(file.Content.Span);

    private static async Task<(TestAuthority Authority, CertificateRecord Row)> IssuedAsync()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct("one"));
        return (authority, authority.Issued.Single());
    }
}
