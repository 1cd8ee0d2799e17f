using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>Asserts what must hold whatever failed before.</summary>
internal static class Invariants
{
    /// <summary>Asserts that there is one row, and that the published certificate is the row's, in both forms.</summary>
    public static async Task CaAsync(FaultyFunctions functions, string caName)
    {
        Dictionary<string, AttributeValue> row = Assert.Single(await functions.Deployment.RowsAsync(caName));
        string pem = PemOf(row);
        Assert.Equal(pem, Encoding.ASCII.GetString((await functions.Deployment.GetPublishedAsync($"{caName}.crt")).Content));
        Assert.True(Certificate.TryDecodePem(pem, out Certificate? certificate));
        Assert.Equal(certificate.Der.ToArray(), (await functions.Deployment.GetPublishedAsync($"{caName}.cer")).Content);
    }

    /// <summary>Asserts that there are both CAs.</summary>
    public static async Task BundleAsync(FaultyFunctions functions)
    {
        string root = PemOf(Assert.Single(await functions.Deployment.RowsAsync(functions.Deployment.Names.RootCa)));
        string issuing = PemOf(Assert.Single(await functions.Deployment.RowsAsync(functions.Deployment.Names.IssuingCa)));
        byte[] bundle = (await functions.Deployment.GetPublishedAsync(functions.Deployment.Names.BundleFile)).Content;
        Assert.Equal(root + issuing, Encoding.ASCII.GetString(bundle));
    }

    /// <summary>Asserts that both forms of the CRL are the same, with the number of the CA's row and exactly this
    /// certificate.</summary>
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

    /// <summary>Asserts that the history has the issue of every certificate in the table and of no other, every reminder, and the
    /// revocation of every one that is revoked; and nothing twice.</summary>
    public static async Task HistoryAsync(FaultyFunctions functions)
    {
        string[] history = [.. (await functions.Deployment.ItemsAsync(functions.Deployment.Tables.Index))
            .Where(item => item.ContainsKey("HistoryKind")).Select(item => $"{Happened(item["HistoryKind"].S, item, "HistoryOf")} {item["Details"].S}").Order()];
        List<Dictionary<string, AttributeValue>> rows = await functions.Deployment.ItemsAsync(functions.Deployment.Tables.Certificates);
        Assert.Equal(rows.Count, history.Count(entry => entry.StartsWith("issued ", StringComparison.Ordinal)));
        foreach (Dictionary<string, AttributeValue> row in rows)
        {
            Assert.Equal(1, Count("issued", row));
            Assert.Equal(row.TryGetValue("ExpiryReminders", out AttributeValue? reminders) ? reminders.L.Count : 0, Count("reminded", row));
            Assert.Equal(row.ContainsKey("Revoked") ? 1 : 0, Count("revoked", row));
        }

        Assert.Equal(history.Distinct(), history);

        int Count(string kind, Dictionary<string, AttributeValue> row) =>
            history.Count(entry => entry.StartsWith($"{Happened(kind, row, "CommonName")} ", StringComparison.Ordinal));
    }

    /// <summary>Asserts that the history has this many refusals.</summary>
    public static async Task RefusedAsync(FaultyFunctions functions, int count) =>
        Assert.Equal(count, (await functions.Deployment.ItemsAsync(functions.Deployment.Tables.Index))
            .Count(item => item.GetValueOrDefault("HistoryKind")?.S == "refused"));

    /// <summary>Returns the serial number of the only row of a name.</summary>
    public static async Task<string> OneRowAsync(FaultyFunctions functions, string commonName) =>
        Assert.Single(await functions.Deployment.RowsAsync(commonName))["SerialNumber"].S;

    /// <summary>Asserts that the answer has this very certificate.</summary>
    public static void Issued(string serial, JsonNode? answer) =>
        Assert.Equal(serial, answer?["CertificateInfo"]?["SerialNumber"]?.GetValue<string>());

    /// <summary>Asserts that no certificate was answered that is not recorded.</summary>
    public static void IssuedOrFailed(string serial, JsonNode? answer)
    {
        if (answer is not null)
        {
            Issued(serial, answer);
        }
    }

    /// <summary>Asserts that the answer is the certificate, or the refusal that a request gets whose first attempt
    /// succeeded.</summary>
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

    /// <summary>Asserts that after the next daily run the notification was delivered at least once, always with one event
    /// id.</summary>
    public static async Task NotifiedOfOneAsync(FaultyFunctions functions, string subject)
    {
        await functions.RunAsync("issuing-ca-crl");
        JsonNode[] notifications = [.. (await functions.Deployment.ReceiveAsync()).Where(message => message["Subject"]!.GetValue<string>() == subject)];
        Assert.NotEmpty(notifications);
        Assert.Single(notifications.Select(message => message["MessageAttributes"]!["Id"]!["Value"]!.GetValue<string>()).Distinct());
    }

    private static string Happened(string kind, Dictionary<string, AttributeValue> item, string name) =>
        $"{kind} {item.GetValueOrDefault(name)?.S} {item.GetValueOrDefault("SerialNumber")?.S}";

    private static string PemOf(Dictionary<string, AttributeValue> row) =>
        Encoding.ASCII.GetString(Convert.FromBase64String(Encoding.ASCII.GetString(row["Certificate"].B.ToArray())));
}
