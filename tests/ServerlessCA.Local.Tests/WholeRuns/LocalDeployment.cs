using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Tests.WholeRuns;

/// <summary>Opens a local CA in a test's folder, with a GitOps folder beside it.</summary>
internal sealed class LocalDeployment : IDisposable
{
    // OpenSSL is thirty times as quick with P-256 as with P-384, which the root CA has by default.
    private const string QuickKeys = """{"root_ca_key_spec": "ECC_NIST_P256"}""";

    private static readonly string[] ReadVerbs = ["Find", "List", "Has", "Recall", "Happened", "Read"];

    private readonly LocalCa local;

    private LocalDeployment(LocalCa local, Deployment deployment)
    {
        this.local = local;
        Deployment = deployment;
    }

    public Deployment Deployment { get; }

    /// <summary>Opens the CA; a folder that is not there is made.</summary>
    /// <param name="folder">The test's folder.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <param name="settings">The text of the settings of a new folder; null: those that it has by itself.</param>
    public static async Task<LocalDeployment> OpenAsync(TemporaryFolder folder, CancellationToken cancellation, string? settings = QuickKeys)
    {
        var data = new DataFolder(folder.At("ca"));
        if (!data.Exists)
        {
            await data.CreateAsync(TimeProvider.System, cancellation);
            if (settings is not null)
            {
                await File.WriteAllTextAsync(data.SettingsFile, settings, cancellation);
            }
        }

        LocalCa local = await LocalCa.OpenAsync(data, create: true, TimeProvider.System, delivered: null, cancellation);
        await local.CreateKeysAsync(cancellation);
        var deployment = new Deployment(
            local.Settings.Ca, local.Keys, local.Ledger, new FolderInternalFiles(folder.At("gitops")), local.PublishedFiles, local.CrlCopies,
            local.Notifier, local.Serials, TimeProvider.System);
        return new LocalDeployment(local, deployment);
    }

    /// <summary>Returns the same deployment, which ends at a write.</summary>
    public Deployment Under(KillSwitch killer) => Deployment with
    {
        Ledger = killer.Wrap<ICertificateLedger>(Deployment.Ledger, IsWrite),
        PublishedFiles = killer.Wrap<IPublishedFiles>(Deployment.PublishedFiles, name => name == nameof(IPublishedFiles.PublishAsync)),
        CrlCopies = killer.Wrap<IPublishedFiles>(Deployment.CrlCopies, name => name == nameof(IPublishedFiles.PublishAsync)),
        Notifier = killer.Wrap<INotifier>(Deployment.Notifier, _ => true),
    };

    /// <summary>Writes a GitOps folder with some entries and fresh keys.</summary>
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

    /// <summary>Sends the waiting events to the targets of the settings.</summary>
    public Task<DeliveryReport> SendAsync(CancellationToken cancellation) => local.SendAsync(TimeSpan.FromMinutes(5), cancellation);

    public void Dispose() => local.Dispose();

    // Whatever the port gets next is a write, unless its name begins as those of reads do.
    private static bool IsWrite(string name) => !Array.Exists(ReadVerbs, verb => name.StartsWith(verb, StringComparison.Ordinal));
}

/// <summary>Ends a run at its n-th write as a dying process would: nothing after it happens, nothing cleans
/// up.</summary>
/// <param name="nth">Counts from 1; 0 never kills and only counts.</param>
/// <param name="afterWrite">Whether the write is done before the end.</param>
public sealed class KillSwitch(int nth, bool afterWrite)
{
    private int writes;

    /// <summary>The number of writes so far.</summary>
    public int Writes => writes;

    /// <summary>Wraps a port so that its writes are counted.</summary>
    /// <param name="inner">The adapter.</param>
    /// <param name="isWrite">Says by name which of its methods write.</param>
    public T Wrap<T>(T inner, Func<string, bool> isWrite)
        where T : class
    {
        T proxy = DispatchProxy.Create<T, Proxy>();
        ((Proxy)(object)proxy).Set(this, inner, isWrite);
        return proxy;
    }

    private object? Invoke(object inner, MethodInfo method, object?[]? arguments)
    {
        bool dies = Interlocked.Increment(ref writes) == nth;
        if (dies && !afterWrite)
        {
            throw new ProcessKilledException();
        }

        object? result = Call(inner, method, arguments);
        if (dies)
        {
            (result as Task)?.GetAwaiter().GetResult(); // the write is on the disk before the process dies
            throw new ProcessKilledException();
        }

        return result;
    }

    private static object? Call(object inner, MethodInfo method, object?[]? arguments)
    {
        try
        {
            return method.Invoke(inner, arguments);
        }
        catch (TargetInvocationException fault)
        {
            ExceptionDispatchInfo.Throw(fault.InnerException!);
            throw;
        }
    }

    public class Proxy : DispatchProxy
    {
        private KillSwitch killer = null!;
        private object inner = null!;
        private Func<string, bool> writes = null!;

        internal void Set(KillSwitch with, object around, Func<string, bool> isWrite) => (killer, inner, writes) = (with, around, isWrite);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => writes(targetMethod!.Name)
            ? killer.Invoke(inner, targetMethod, args)
            : Call(inner, targetMethod, args);
    }
}

/// <summary>Is thrown at the end of a killed run. It is no fault of a port, so nothing catches it, as nothing survives
/// SIGKILL.</summary>
public sealed class ProcessKilledException : Exception;
