using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Local.Tests.WholeRuns;

/// <summary>Checks a whole run of a new folder as it is, where the root has a P-384 key and the issuing CA a P-256 key.</summary>
public sealed class DefaultSettingsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_folder_without_settings_has_a_CA_whose_certificates_and_CRLs_openssl_accepts()
    {
        OpenSsl.IsNeeded();
        using var folder = new TemporaryFolder();
        LocalDeployment.WriteGitOps(folder, "one.example.test");
        using LocalDeployment deployment = await LocalDeployment.OpenAsync(folder, Cancellation, settings: null);

        PipelineReport report = await new RunPipeline(deployment.Deployment).RunAsync(Cancellation);

        Assert.False(report.Failed, string.Join("; ", report.Steps.Select(step => step.Message)));
        string root = Published(folder, "serverless-root-ca-dev.crt");
        string issuing = Published(folder, "serverless-issuing-ca-dev.crt");
        string rootCrl = Published(folder, "serverless-root-ca-dev.crl");
        string issuingCrl = Published(folder, "serverless-issuing-ca-dev.crl");
        CertificateRecord row = Assert.Single(await deployment.Deployment.Ledger.FindByNameAsync("one.example.test", Cancellation));
        string leaf = folder.Write("leaf.pem", row.CertificatePem);
        string bundle = folder.Write("bundle.pem", string.Concat(
            File.ReadAllText(root), File.ReadAllText(issuing), OpenSsl.Run("crl", "-in", rootCrl), OpenSsl.Run("crl", "-in", issuingCrl)));
        Assert.Contains(": OK", OpenSsl.Run("verify", "-x509_strict", "-crl_check_all", "-CAfile", bundle, leaf), StringComparison.Ordinal);
        Assert.Contains("ASN1 OID: secp384r1", Text("x509", root), StringComparison.Ordinal);
        Assert.Contains("ASN1 OID: prime256v1", Text("x509", issuing), StringComparison.Ordinal);
        Assert.All([Text("x509", root), Text("x509", issuing), Text("crl", rootCrl)], text => Assert.Contains("ecdsa-with-SHA384", text, StringComparison.Ordinal));
        Assert.All([Text("x509", leaf), Text("crl", issuingCrl)], text => Assert.Contains("ecdsa-with-SHA256", text, StringComparison.Ordinal));
    }

    private static string Published(TemporaryFolder folder, string name) => folder.At("ca", "external", name);

    private static string Text(string kind, string file) => OpenSsl.Run(kind, "-in", file, "-noout", "-text");
}
