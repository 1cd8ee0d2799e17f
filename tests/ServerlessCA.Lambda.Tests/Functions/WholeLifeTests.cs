using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Emulators.RuntimeApi;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>Runs the seven functions on emulated services, and checks them from outside.</summary>
public sealed class WholeLifeTests(AwsFixture aws)
{
    private static readonly string[] AnswerKeys =
        ["CertificateInfo", "Base64Certificate", "Subject", "Base64IssuingCaCertificate", "Base64RootCaCertificate", "Base64CaChain"];

    [Theory]
    [InlineData("ECC_NIST_P384", "ECC_NIST_P256")]
    [InlineData("RSA_2048", "RSA_2048")]
    public async Task A_certificate_verifies_against_what_was_published(string rootSpec, string issuingSpec)
    {
        ForeignProgram.SkipUnlessInstalled("openssl", "openssl");
        await using EmulatedDeployment deployment = await aws.DeployAsync(rootSpec: rootSpec, issuingSpec: issuingSpec);
        using var folder = new TemporaryFolder();

        JsonNode answer = (await deployment.InvokeAsync("tls-cert", SomeCsr.Event("www.example.com"))).Json!;

        Assert.Equal(AnswerKeys, answer.AsObject().Select(member => member.Key));
        Assert.Equal(["CommonName", "SerialNumber", "Issued", "Expires"], answer["CertificateInfo"]!.AsObject().Select(member => member.Key));
        string leaf = folder.Write("leaf.pem", Decode(answer["Base64Certificate"]!));
        string root = folder.Write("root.pem", (await deployment.GetPublishedAsync($"{deployment.Names.RootCa}.crt")).Content);
        string issuing = folder.Write("issuing.pem", (await deployment.GetPublishedAsync($"{deployment.Names.IssuingCa}.crt")).Content);
        byte[] lists =
            [.. (await deployment.GetPublishedAsync($"{deployment.Names.IssuingCa}.crl.pem")).Content, .. (await deployment.GetPublishedAsync($"{deployment.Names.RootCa}.crl.pem")).Content];
        string crls = folder.Write("crls.pem", lists);
        await ForeignProgram.OutputAsync("openssl", ["verify", "-x509_strict", "-CAfile", root, "-untrusted", issuing, "-crl_check_all", "-CRLfile", crls, leaf]);
    }

    [Fact]
    public async Task The_notification_of_a_GitOps_certificate_decodes_as_operators_are_used_to()
    {
        ForeignProgram.SkipUnlessInstalled("jq", "jq");
        await using EmulatedDeployment deployment = await aws.DeployAsync();
        await deployment.PutInternalAsync("csrs/api.csr", SomeCsr.Pem("api.example.com"));
        await deployment.PutInternalAsync("tls.json", """[{"common_name": "api.example.com", "csr_file": "api.csr"}]""");

        JsonNode answer = (await deployment.InvokeAsync("tls-cert", JsonNode.Parse("""{"common_name": "api.example.com", "csr_file": "api.csr"}"""))).Json!;
        JsonNode message = Assert.Single(await deployment.ReceiveAsync());

        // The emulator delivers the whole of {"default": …}; the real SNS delivers its value.
        string text = await ForeignProgram.OutputAsync("jq", ["-r", ".default"], message["Message"]!.GetValue<string>());
        Assert.Equal("Certificate Issued", message["Subject"]!.GetValue<string>());
        string pem = await ForeignProgram.OutputAsync("base64", ["-d"], await ForeignProgram.OutputAsync("jq", ["-r", ".Base64Certificate"], text));
        Assert.Equal(Encoding.UTF8.GetString(Decode(answer["Base64Certificate"]!)), pem);

        Dictionary<string, AttributeValue> row = Assert.Single(await deployment.RowsAsync("api.example.com"));
        string twice = Convert.ToBase64String(row["Certificate"].B.ToArray()); // as the console and the CLI show binary values
        Assert.Equal(pem.Trim(), (await ForeignProgram.OutputAsync("base64", ["-d"], await ForeignProgram.OutputAsync("base64", ["-d"], twice))).Trim());
    }

    [Fact]
    public async Task A_second_run_of_every_step_changes_nothing_but_CRL_numbers()
    {
        await using EmulatedDeployment deployment = await aws.DeployAsync();
        byte[] root = (await deployment.GetPublishedAsync($"{deployment.Names.RootCa}.crt")).Content;

        foreach (string handler in EmulatedDeployment.Handlers.Except(["tls-cert", "notify"]))
        {
            Assert.Equal("null", (await deployment.InvokeAsync(handler)).Text);
        }

        Assert.Equal(root, (await deployment.GetPublishedAsync($"{deployment.Names.RootCa}.crt")).Content);
        Assert.Equal("2", Assert.Single(await deployment.RowsAsync(deployment.Names.IssuingCa))["CRLNumber"].N);
    }

    [Fact]
    public async Task A_revoked_certificate_is_on_the_CRL_and_notified_once()
    {
        ForeignProgram.SkipUnlessInstalled("openssl", "openssl");
        await using EmulatedDeployment deployment = await aws.DeployAsync();
        JsonNode answer = (await deployment.InvokeAsync("tls-cert", SomeCsr.Event("old.example.com"))).Json!;
        string serial = answer["CertificateInfo"]!["SerialNumber"]!.GetValue<string>();
        await deployment.PutInternalAsync("revoked.json", $$"""[{"common_name": "old.example.com", "serial_number": "{{serial}}"}, {"common_name": "nobody", "serial_number": "1"}]""");

        FunctionAnswer[] answers = [await deployment.InvokeAsync("issuing-ca-crl"), await deployment.InvokeAsync("issuing-ca-crl")];

        Assert.All(answers, found => Assert.Equal("StepFailedException", found.ErrorType));
        byte[] crl = (await deployment.GetPublishedAsync($"{deployment.Names.IssuingCa}.crl.pem")).Content;
        string text = await ForeignProgram.OutputAsync("openssl", ["crl", "-noout", "-text"], Encoding.ASCII.GetString(crl));
        string hex = System.Numerics.BigInteger.Parse(serial, System.Globalization.CultureInfo.InvariantCulture).ToString("X40", System.Globalization.CultureInfo.InvariantCulture).TrimStart('0');
        Assert.Contains(hex, text, StringComparison.Ordinal);
        Assert.Equal(
            ["Certificate Revoked", "Revocation Failed"],
            (await deployment.ReceiveAsync()).Select(message => message["Subject"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Contains(
            (await deployment.FunctionAsync("issuing-ca-crl")).Lines,
            line => line.Contains("there is no certificate with serial number 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_that_is_no_JSON_fails_the_step_after_the_CRL_was_published()
    {
        await using EmulatedDeployment deployment = await aws.DeployAsync();
        await deployment.PutInternalAsync("revoked.json", "{");

        FunctionAnswer answer = await deployment.InvokeAsync("issuing-ca-crl");

        Assert.Equal("StepFailedException", answer.ErrorType);
        Assert.Contains("revoked.json", answer.Text, StringComparison.Ordinal);
        Assert.Equal("2", Assert.Single(await deployment.RowsAsync(deployment.Names.IssuingCa))["CRLNumber"].N);
    }

    [Fact]
    public async Task A_refusal_is_an_answer()
    {
        await using EmulatedDeployment deployment = await aws.DeployAsync();

        FunctionAnswer answer = await deployment.InvokeAsync("tls-cert", JsonNode.Parse("""{"common_name": "a.example.com"}"""));

        Assert.False(answer.IsError);
        Assert.Equal(["error", "code"], answer.Json!.AsObject().Select(member => member.Key));
        Assert.Equal("malformed", answer.Json["code"]!.GetValue<string>());
        Assert.Equal("Certificate Request Rejected", Assert.Single(await deployment.ReceiveAsync())["Subject"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_request_without_CAs_is_refused_and_a_CA_that_was_missing_is_found_once_it_is_there()
    {
        await using EmulatedDeployment deployment = await aws.DeployEmptyAsync();

        JsonNode early = (await deployment.InvokeAsync("tls-cert", SomeCsr.Event("a.example.com"))).Json!;
        FunctionAnswer crl = await deployment.InvokeAsync("root-ca-crl");
        await deployment.InvokeAsync("create-root-ca");
        await deployment.InvokeAsync("create-issuing-ca");
        JsonNode late = (await deployment.InvokeAsync("tls-cert", SomeCsr.Event("a.example.com"))).Json!;

        Assert.Equal($"CA {deployment.Names.IssuingCa} not found", early["error"]!.GetValue<string>());
        Assert.Equal("StepFailedException", crl.ErrorType);
        Assert.NotNull(late["CertificateInfo"]);
    }

    [Fact]
    public async Task Events_that_could_not_be_delivered_are_delivered_by_the_next_run()
    {
        await using EmulatedDeployment deployment = await aws.DeployAsync();
        JsonObject request = SomeCsr.Event("late.example.com");
        request["notify_issued"] = true;
        deployment.Gateway.Refuse("sns", times: 20);
        await deployment.InvokeAsync("tls-cert", request);
        deployment.Gateway.Refuse("sns", times: 0);
        Assert.Empty(await deployment.ReceiveAsync());

        await deployment.InvokeAsync("expiry");

        Assert.Equal("Certificate Issued", Assert.Single(await deployment.ReceiveAsync())["Subject"]!.GetValue<string>());
    }

    private static byte[] Decode(JsonNode base64) => Convert.FromBase64String(base64.GetValue<string>());
}
