using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local;

namespace ServerlessCA.Cli.Tests.Processes;

/// <summary>Checks a data folder.</summary>
public static class Inventory
{
    /// <summary>Checks that every host has one certificate, and that there is one root CA and one issuing CA.</summary>
    public static async Task HasEachOnceAsync(TemporaryFolder folder, int hosts)
    {
        JsonElement list = (await Executable.RunAsync(folder.Path, "list", "--output", "json")).Done().Json;
        string[] names = [.. list.GetProperty("Certificates").EnumerateArray().Select(row => row.GetProperty("CommonName").GetString()!)];

        Assert.Equal(
            Enumerable.Range(0, hosts).Select(i => $"host{i:000}.example.com").Concat(["serverless-issuing-ca-dev", "serverless-root-ca-dev"]),
            names.Order(StringComparer.Ordinal));
    }

    /// <summary>Checks that the ledger is sound, every row agrees with its certificate, and every published file is
    /// whole.</summary>
    public static async Task IsSoundAsync(TemporaryFolder folder)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var data = new DataFolder(folder.At(".serverless-ca"));
        if (!File.Exists(data.LedgerFile))
        {
            return; // killed before anything was written
        }

        using LocalCa ca = await LocalCa.OpenAsync(data, create: true, TimeProvider.System, delivered: null, cancellation);
        await ca.CheckLedgerAsync(cancellation);
        var names = new HashSet<string>();
        await foreach (CertificateRecord row in ca.Ledger.ListAsync(cancellation))
        {
            Assert.True(Certificate.TryDecodePem(row.CertificatePem, out Certificate? certificate), row.CommonName);
            Assert.Equal((row.SerialNumber, row.Issued, row.Expires), (certificate.SerialNumber, certificate.NotBefore, certificate.NotAfter));
            Assert.True(names.Add(row.CommonName), $"{row.CommonName} twice");
            RowId? reserved = row.IsCa ? null : (await ca.Ledger.FindKeyAsync(ReservedKey.Of(row)!.Value, cancellation))?.Holder;
            Assert.True(row.IsCa || reserved == new RowId(row.CommonName, row.SerialNumber), row.CommonName);
        }

        Assert.All(Directory.EnumerateFiles(data.External).Where(file => !Path.GetFileName(file).StartsWith('.')), IsWhole);
        Assert.All(
            Directory.EnumerateFiles(data.Outbox, "*.json").Where(file => !Path.GetFileName(file).StartsWith('.')),
            file => JsonDocument.Parse(File.ReadAllText(file)).Dispose());
    }

    private static void IsWhole(string file)
    {
        byte[] content = File.ReadAllBytes(file);
        bool whole = Path.GetExtension(file) switch
        {
            ".cer" => Certificate.TryDecode(content, out _),
            ".crl" => Core.Revocation.CertificateRevocationList.TryDecode(content, out _),
            _ => File.ReadAllText(file).EndsWith("-----\n", StringComparison.Ordinal),
        };
        Assert.True(whole, file);
    }
}
