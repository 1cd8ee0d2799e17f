namespace ServerlessCA.HowTo.Tests;

/// <summary>Tests the how-to page of Envoy as far as that goes without Envoy: its commands are run, and its files are read by Envoy's own
/// protocol buffers.</summary>
public sealed class EnvoyPageTests
{
    private const string Discovery = "envoy.service.discovery.v3.DiscoveryResponse";

    [Fact]
    public async Task The_commands_of_the_page_work()
    {
        OpenSsl.IsNeeded();
        await HowToShell.FollowAsync(HowToPage.Read("envoy"));
    }

    [Theory]
    [InlineData("envoy.yaml", "envoy.config.bootstrap.v3.Bootstrap")]
    [InlineData("sds-server.yaml", Discovery)]
    [InlineData("sds-clients.yaml", Discovery)]
    public void Each_file_of_the_page_is_what_Envoy_reads(string file, string message)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(file, TextOf(file));

        Assert.Equal("valid", Judge(path, message));
        Assert.Equal("", ForeignProgram.OutputIn(folder.Path, "yamllint", "-d", "{extends: default, rules: {line-length: disable, document-start: disable}}", file));
    }

    [Theory]
    [InlineData("envoy.yaml", "require_client_certificate: true", "require_client_certificates: true", "DownstreamTlsContext has no such field")]
    [InlineData("envoy.yaml", "tls_minimum_protocol_version: TLSv1_2", "tls_minimum_protocol_version: TLSv1.2", "TLSv1.2 is none of")]
    [InlineData("envoy.yaml", "stat_prefix: app", "access_log: []", "needs stat_prefix")]
    [InlineData("sds-clients.yaml", "crl: {filename: certs/crls.pem}", "crl: {filename: certs/crls.pem, inline_string: a}", "exclude each other")]
    public void The_judge_finds_a_mistake(string file, string right, string mistaken, string fault)
    {
        using var folder = new TemporaryFolder();
        string text = TextOf(file);
        Assert.Contains(right, text, StringComparison.Ordinal);
        string path = folder.Write(file, text.Replace(right, mistaken, StringComparison.Ordinal));

        Assert.Contains(fault, Judge(path, file == "envoy.yaml" ? "envoy.config.bootstrap.v3.Bootstrap" : Discovery), StringComparison.Ordinal);
    }

    private static string TextOf(string file) => HowToPage.Read("envoy").Blocks.Single(block => block.File == file).Text;

    private static string Judge(string path, string message)
    {
        ForeignProgram.SkipUnlessInstalled("node", "nodejs");
        Assert.SkipUnless(Directory.Exists(Repository.At("tests", "judges", "node_modules", "@grpc", "grpc-js-xds")), "npm ci --prefix tests/judges has not run");
        (int exitCode, string output) = ForeignProgram.Run("node", Repository.At("tests", "judges", "envoy.mjs"), path, message);
        Assert.True(exitCode == 0, output);
        return output.TrimEnd('\n');
    }
}
