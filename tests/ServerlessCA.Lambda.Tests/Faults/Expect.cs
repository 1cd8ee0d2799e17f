using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>What has to be so, whatever went wrong before.</summary>
internal static class Expect
{
    /// <summary>One row, and the certificate published as it stands there, in both forms.</summary>
    public static async Task CaAsync(FaultyFunctions functions, string caName)
    {
        Dictionary<string, AttributeValue> row = Assert.Single(await functions.Deployment.RowsAsync(caName));
        string pem = PemOf(row);
        Assert.Equal(pem, Encoding.ASCII.GetString((await functions.Deployment.GetPublishedAsync($"{caName}.crt")).Content));
        Assert.True(Certificate.TryDecodePem(pem, out Certificate? certificate));
        Assert.Equal(certificate.Der.ToArray(), (await functions.Deployment.GetPublishedAsync($"{caName}.cer")).Content);
    }

    /// <summary>Root, then issuing CA.</summary>
    public static async Task BundleAsync(FaultyFunctions functions)
    {
        string root = PemOf(Assert.Single(await functions.Deployment.RowsAsync(functions.Deployment.Names.RootCa)));
        string issuing = PemOf(Assert.Single(await functions.Deployment.RowsAsync(functions.Deployment.Names.IssuingCa)));
        byte[] bundle = (await functions.Deployment.GetPublishedAsync(functions.Deployment.Names.BundleFile)).Content;
        Assert.Equal(root + issuing, Encoding.ASCII.GetString(bundle));
    }

    /// <summary>Both forms of the CRL are the same, have the number of the CA's row, and exactly this certificate.</summary>
    public static async Task OnCrlAsync(FaultyFunctions functions, string caName, string commonName)
    {
        string serial = await OneRowAsync(functions, commonName);
        Dictionary<string, AttributeValue> ca = Assert.Single(await functions.Deployment.RowsAsync(caName));
        byte[] der = (await functions.Deployment.GetPublishedAsync($"{caName}.crl")).Content;
        Assert.True(CertificateRevocationList.TryDecode(der, out CertificateRevocationList? crl));
        Assert.Equal(serial, Assert.Single(crl.Entries()).SerialNumber.ToString());
        Assert.Equal(ca["CRLNumber"].N, crl.Number!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(crl.Pem(), (await functions.Deployment.GetPublishedAsync($"{caName}.crl.pem")).Content);
    }

    /// <summary>The serial number of the only row of a name.</summary>
    public static async Task<string> OneRowAsync(FaultyFunctions functions, string commonName) =>
        Assert.Single(await functions.Deployment.RowsAsync(commonName))["SerialNumber"].S;

    /// <summary>An answer with this very certificate.</summary>
    public static void Issued(string serial, JsonNode? answer) =>
        Assert.Equal(serial, answer?["CertificateInfo"]?["SerialNumber"]?.GetValue<string>());

    /// <summary>Nothing was handed out that is not recorded.</summary>
    public static void IssuedOrFailed(string serial, JsonNode? answer)
    {
        if (answer is not null)
        {
            Issued(serial, answer);
        }
    }

    /// <summary>The certificate, or the refusal that a request gets whose first try had worked.</summary>
    public static void IssuedOrRefused(string serial, string refusal, JsonNode? answer)
    {
        if (answer?["error"] is { } error)
        {
            Assert.Equal(refusal, error.GetValue<string>());
        }
        else
        {
            Issued(serial, answer);
        }
    }

    /// <summary>Told at least once, after the next daily run, and of one event.</summary>
    public static async Task ToldOfOneAsync(FaultyFunctions functions, string subject)
    {
        await functions.RunAsync("issuing-ca-crl");
        JsonNode[] told = [.. (await functions.Deployment.ReceiveAsync()).Where(message => message["Subject"]!.GetValue<string>() == subject)];
        Assert.NotEmpty(told);
        Assert.Single(told.Select(message => message["MessageAttributes"]!["Id"]!["Value"]!.GetValue<string>()).Distinct());
    }

    private static string PemOf(Dictionary<string, AttributeValue> row) =>
        Encoding.ASCII.GetString(Convert.FromBase64String(Encoding.ASCII.GetString(row["Certificate"].B.ToArray())));
}
