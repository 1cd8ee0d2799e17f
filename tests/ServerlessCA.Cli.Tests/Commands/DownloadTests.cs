using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local;
using ServerlessCA.Local.Sqlite;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Lets openssl judge the files in which a certificate is handed out.</summary>
public sealed class DownloadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenSSL_reads_every_form_and_verifies_the_certificate_by_what_the_file_holds()
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session { Clock = new FixedClock() }.WithCaAsync();
        (await session.RunAsync("request", "--common-name", "client", "--out", session.Certs)).Done();
        var data = new DataFolder(session.Data);
        CaNames names = data.ReadSettings().Ca.Names;
        using SqliteLedger ledger = await SqliteLedger.OpenAsync(data.LedgerFile, create: false, SqliteLedger.DefaultTimeout, Cancellation);
        CertificateRecord row = (await ledger.FindByNameAsync("client", Cancellation)).Single();
        async Task<string> Write(CertificateForm form)
        {
            CertificateDownload file = (await CertificateDownload.OfAsync(form, row, ledger, names, Cancellation))!;
            string path = session.Folder.At(file.Name);
            await File.WriteAllBytesAsync(path, file.Content, Cancellation);
            return path;
        }

        string pkcs7 = await Write(CertificateForm.Pkcs7);
        string chain = await Write(CertificateForm.Chain);
        string printed = OpenSsl.Run("pkcs7", "-inform", "DER", "-in", pkcs7, "-print_certs", "-noout");
        string certificates = OpenSsl.Run("pkcs7", "-inform", "DER", "-in", pkcs7, "-print_certs");

        Assert.Equal(3, printed.Split("subject=").Length - 1);
        Assert.All(["CN=client", "Serverless Root CA", "Serverless Issuing CA"], subject => Assert.Contains(subject, printed.Replace("CN = ", "CN=", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.All(
            await File.ReadAllTextAsync(chain, Cancellation) is var text ? text.Split("-----END CERTIFICATE-----", StringSplitOptions.TrimEntries)[..^1] : [],
            block => Assert.Contains(block.ReplaceLineEndings("\n"), certificates.ReplaceLineEndings("\n"), StringComparison.Ordinal));
        Assert.Equal(
            OpenSsl.Run("x509", "-in", await Write(CertificateForm.Pem), "-noout", "-fingerprint"),
            OpenSsl.Run("x509", "-inform", "DER", "-in", await Write(CertificateForm.Der), "-noout", "-fingerprint"));
        Assert.Contains(": OK", OpenSsl.Run("verify", "-no_check_time", "-CAfile", chain, await Write(CertificateForm.Pem)), StringComparison.Ordinal);
        Assert.True(OpenSsl.Judge("cms", "-cmsout", "-print", "-inform", "DER", "-in", pkcs7).Accepted);
    }
}
