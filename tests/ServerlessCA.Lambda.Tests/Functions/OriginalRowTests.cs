using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Lambda.Tests.Faults;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>Runs our functions on the table that the original left, before anything was migrated: rows without our attributes,
/// also of CAs, and an empty index table.</summary>
public sealed class OriginalRowTests(AwsFixture aws)
{
    private const string Name = "old.example.com";
    private const string Entry = $$"""{"common_name": "{{Name}}", "csr_file": "old.csr"}""";

    [Fact]
    public async Task An_entry_of_tls_json_is_reminded_of()
    {
        await using EmulatedDeployment deployment = await aws.DeployServicesAsync();
        FaultyFunctions functions = await IssuedBeforeAsync(deployment);

        await functions.RunAsync("expiry");
        await functions.RunAsync("expiry");

        Assert.Equal("Certificate Expiry Warning", Assert.Single(await deployment.ReceiveAsync())["Subject"]!.GetValue<string>());
        Assert.Single(Assert.Single(await deployment.RowsAsync(Name))["ExpiryReminders"].L);
    }

    [Fact]
    public async Task Its_key_is_known_and_a_renewal_with_another_silences_its_reminders()
    {
        await using EmulatedDeployment deployment = await aws.DeployServicesAsync();
        string csr = SomeCsr.Pem(Name);
        FaultyFunctions functions = await IssuedBeforeAsync(deployment, csr);
        JsonObject direct = SomeCsr.Event(Name);
        direct["lifetime"] = 90;
        var reused = new JsonObject { ["common_name"] = Name, ["base64_csr_data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(csr)) };

        JsonNode? listed = await functions.RunAsync("tls-cert", JsonNode.Parse(Entry));
        JsonNode? refused = await functions.RunAsync("tls-cert", reused);
        JsonNode? renewed = await functions.RunAsync("tls-cert", direct);
        await deployment.ReceiveAsync();
        await functions.RunAsync("expiry");
        string[] notified = [.. (await deployment.ReceiveAsync()).Select(message => message["Subject"]!.GetValue<string>())];

        Assert.Equal("Certificate already issued", listed!["error"]!.GetValue<string>());
        Assert.Equal("Private key has already been used for a certificate", refused!["error"]!.GetValue<string>());
        Assert.NotNull(renewed!["CertificateInfo"]);
        Assert.Empty(notified);
    }

    [Fact]
    public async Task It_is_revoked_and_stays_on_the_CRL_without_its_entry()
    {
        await using EmulatedDeployment deployment = await aws.DeployServicesAsync();
        FaultyFunctions functions = await IssuedBeforeAsync(deployment);
        string serial = await Invariants.OneRowAsync(functions, Name);
        await deployment.PutInternalAsync("revoked.json", $$"""[{"common_name": "{{Name}}", "serial_number": "{{serial}}"}]""");

        await functions.RunAsync("issuing-ca-crl");
        await deployment.BecomeOriginalAsync();
        await deployment.PutInternalAsync("revoked.json", "[]");
        await functions.RunAsync("issuing-ca-crl");

        await Invariants.OnCrlAsync(functions, deployment.Names.IssuingCa, Name);
        Assert.Equal("Certificate Revoked", Assert.Single(await deployment.ReceiveAsync())["Subject"]!.GetValue<string>());
    }

    [Fact]
    public async Task Its_CAs_are_not_created_again_and_their_CRL_numbers_count_on()
    {
        await using EmulatedDeployment deployment = await aws.DeployServicesAsync();
        FaultyFunctions functions = await IssuedBeforeAsync(deployment);

        foreach (string handler in (string[])["create-root-ca", "root-ca-crl", "create-issuing-ca", "issuing-ca-crl"])
        {
            await functions.RunAsync(handler);
        }

        foreach (string ca in (string[])[deployment.Names.RootCa, deployment.Names.IssuingCa])
        {
            await Invariants.CaAsync(functions, ca);
            Assert.True(CertificateRevocationList.TryDecode((await deployment.GetPublishedAsync($"{ca}.crl")).Content, out CertificateRevocationList? crl));
            Assert.Equal(2, crl.Number);
        }
    }

    private static async Task<FaultyFunctions> IssuedBeforeAsync(EmulatedDeployment deployment, string? csr = null)
    {
        var functions = new FaultyFunctions(deployment);
        foreach (string handler in (string[])["create-root-ca", "root-ca-crl", "create-issuing-ca", "issuing-ca-crl"])
        {
            await functions.RunAsync(handler);
        }

        await deployment.PutInternalAsync("csrs/old.csr", csr ?? SomeCsr.Pem(Name));
        await deployment.PutInternalAsync("tls.json", $"[{Entry}]");
        Assert.NotNull((await functions.RunAsync("tls-cert", JsonNode.Parse(Entry)))!["CertificateInfo"]);
        await deployment.ReceiveAsync();
        await deployment.ExpireInAsync(Name, days: 7); // a day with a reminder
        await deployment.BecomeOriginalAsync();
        await deployment.PutRowsAsync((await deployment.RowsAsync(Name)).Select(IssuedYesterday));
        return functions;
    }

    // Only younger certificates renew it, and the times of rows are whole seconds.
    private static Dictionary<string, AttributeValue> IssuedYesterday(Dictionary<string, AttributeValue> row) =>
        new(row) { ["Issued"] = new AttributeValue(TableTime.Text(TimeProvider.System.GetUtcNow().AddDays(-1))) };
}
