using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Tests.WholeRuns;

/// <summary>A local CA in a test's folder, with a GitOps folder beside it.</summary>
internal sealed class LocalDeployment : IDisposable
{
    // OpenSSL is thirty times as quick with P-256 as with P-384, which the root CA has by default.
    private const string QuickKeys = """{"root_ca_key_spec": "ECC_NIST_P256"}""";

    private readonly LocalCa local;

    private LocalDeployment(LocalCa local, Deployment deployment)
    {
        this.local = local;
        Deployment = deployment;
    }

    public Deployment Deployment { get; }

    public static async Task<LocalDeployment> OpenAsync(TemporaryFolder folder, CancellationToken cancellation, string? settings = null)
    {
        var data = new DataFolder(folder.At("ca"));
        if (!data.Exists)
        {
            await data.CreateAsync(TimeProvider.System, cancellation);
            await File.WriteAllTextAsync(data.SettingsFile, settings ?? QuickKeys, cancellation);
        }

        LocalCa local = await LocalCa.OpenAsync(data, create: true, TimeProvider.System, delivered: null, cancellation);
        await local.CreateKeysAsync(cancellation);
        var deployment = new Deployment(
            local.Settings.Ca, local.Keys, local.Ledger, new FolderInternalFiles(folder.At("gitops")), local.PublishedFiles, local.CrlCopies,
            local.Notifier, local.Serials, TimeProvider.System);
        return new LocalDeployment(local, deployment);
    }

    /// <summary>The same, ending at a write.</summary>
    public Deployment Under(KillSwitch killer) => Deployment with
    {
        Ledger = killer.Wrap<ICertificateLedger>(Deployment.Ledger, IsWrite),
        PublishedFiles = killer.Wrap<IPublishedFiles>(Deployment.PublishedFiles, name => name == nameof(IPublishedFiles.PublishAsync)),
        CrlCopies = killer.Wrap<IPublishedFiles>(Deployment.CrlCopies, name => name == nameof(IPublishedFiles.PublishAsync)),
        Notifier = killer.Wrap<INotifier>(Deployment.Notifier, _ => true),
    };

    /// <summary>A GitOps folder with some entries and fresh keys.</summary>
    public static void WriteGitOps(TemporaryFolder folder, params string[] names)
    {
        Directory.CreateDirectory(folder.At("gitops", "csrs"));
        foreach (string name in names)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            string csr = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
            File.WriteAllText(folder.At("gitops", "csrs", $"{name}.csr"), csr + "\n");
        }

        IEnumerable<string> entries = names.Select(name => $$"""{"common_name": "{{name}}", "csr_file": "{{name}}.csr"}""");
        File.WriteAllText(folder.At("gitops", "tls.json"), $"[{string.Join(", ", entries)}]");
    }

    public void Dispose() => local.Dispose();

    private static bool IsWrite(string name) => name is nameof(ICertificateLedger.AddAsync) or nameof(ICertificateLedger.RevokeAsync)
        or nameof(ICertificateLedger.AddReminderAsync) or nameof(ICertificateLedger.NextCrlNumberAsync) or nameof(ICertificateLedger.AddToOutboxAsync)
        or nameof(ICertificateLedger.RemoveFromOutboxAsync) or nameof(ICertificateLedger.SetMarkAsync);
}
