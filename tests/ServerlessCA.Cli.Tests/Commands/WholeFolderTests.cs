using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Runs a whole GitOps folder and checks the certificates with openssl and GnuTLS.
/// <c>SERVERLESS_CA_GITOPS_EXAMPLE</c> names another folder than the project's own, one whose CSRs were made
/// elsewhere.</summary>
public sealed class WholeFolderTests
{
    private const string Variable = "SERVERLESS_CA_GITOPS_EXAMPLE";

    [Theory]
    [InlineData("ECC_NIST_P384", "ECC_NIST_P256")]
    [InlineData("RSA_4096", "RSA_2048")]
    public Task Others_accept_what_the_example_folder_gets(string root, string issuing) =>
        JudgeAsync(Repository.At("examples", "gitops", "dev"), root, issuing);

    [Theory]
    [InlineData("ECC_NIST_P384", "ECC_NIST_P256")]
    [InlineData("RSA_4096", "RSA_2048")]
    public Task Others_accept_what_a_folder_from_elsewhere_gets(string root, string issuing)
    {
        string? folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{Variable} names no GitOps folder");
        return JudgeAsync(folder!, root, issuing);
    }

    [Fact]
    public async Task A_folder_from_elsewhere_gets_certificates_of_ML_DSA_CAs()
    {
        string? folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{Variable} names no GitOps folder");
        using var session = new Session();

        JsonElement report = (await RunAsync(session, folder!, "ML_DSA_65", "ML_DSA_44")).Done().Json;

        Assert.All(report.GetProperty("Entries").EnumerateArray(), entry => Assert.Equal("Issued", entry.GetProperty("Status").GetString()));
    }

    private static async Task JudgeAsync(string folder, string root, string issuing)
    {
        OpenSsl.IsNeeded();
        using var session = new Session();
        JsonElement[] first = Entries(await RunAsync(session, folder, root, issuing));
        JsonElement[] second = Entries(await RunAsync(session, folder, root, issuing));

        Assert.NotEmpty(first);
        Assert.All(first, entry => Assert.Equal("Issued", entry.GetProperty("Status").GetString()));
        Assert.All(second, entry => Assert.Equal("AlreadyIssued", entry.GetProperty("Status").GetString()));
        string rootFile = session.Folder.Write("root.pem", (await session.RunAsync("get", "serverless-root-ca-dev")).Done().Output);
        string issuingFile = session.Folder.Write("issuing.pem", (await session.RunAsync("get", "serverless-issuing-ca-dev")).Done().Output);
        string crls = session.Folder.Write("crls.pem", Crl(session, "serverless-root-ca-dev") + Crl(session, "serverless-issuing-ca-dev"));
        foreach (JsonElement entry in first)
        {
            string pem = (await session.RunAsync("get", entry.GetProperty("CommonName").GetString()!)).Done().Output;
            string file = session.Folder.Write("one.pem", pem);
            string accepted = OpenSsl.Run(
                "verify", "-x509_strict", "-crl_check_all", "-CRLfile", crls, "-CAfile", rootFile, "-untrusted", issuingFile, file);
            Assert.Equal($"{file}: OK\n", accepted);
            GnuTls.Verify(session.Folder.Write("chain.pem", pem + File.ReadAllText(issuingFile)), rootFile);
        }
    }

    private static Task<Result> RunAsync(Session session, string folder, string root, string issuing) => session.RunAsync(
        "run", folder, "--root-ca-key-spec", root, "--issuing-ca-key-spec", issuing, "--output", "json");

    private static JsonElement[] Entries(Result result) => [.. result.Done().Json.GetProperty("Entries").EnumerateArray()];

    private static string Crl(Session session, string name) =>
        OpenSsl.Run("crl", "-inform", "DER", "-in", Path.Combine(session.Data, "external", $"{name}.crl"));
}
