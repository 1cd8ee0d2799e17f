using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;
using ServerlessCA.Local.Files;
using ServerlessCA.Local.Settings;

namespace ServerlessCA.Local;

/// <summary>Names the files of a local CA: <c>settings.json</c>, <c>ca.db</c>, <c>keys/</c>, <c>internal/</c>,
/// <c>external/</c>, <c>outbox/</c>. Immutable.</summary>
/// <param name="Path">Absolute, or relative to the working directory.</param>
public sealed record DataFolder(string Path)
{
    /// <summary>The default folder, <c>./.serverless-ca</c>.</summary>
    public const string DefaultPath = ".serverless-ca";

    internal const string SettingsName = "settings.json";
    internal const string LedgerName = "ca.db";
    internal const string KeysName = "keys";
    internal const string InternalName = "internal";
    internal const string ExternalName = "external";

    /// <summary><c>settings.json</c>, which people read and edit.</summary>
    public string SettingsFile => In(SettingsName);

    /// <summary><c>ca.db</c>, the ledger.</summary>
    public string LedgerFile => In(LedgerName);

    /// <summary><c>keys</c>, the folder of the CA keys.</summary>
    public string Keys => In(KeysName);

    /// <summary><c>internal</c>, the folder of the operator's files.</summary>
    public string Internal => In(InternalName);

    /// <summary><c>external</c>, the folder of the published files.</summary>
    public string External => In(ExternalName);

    /// <summary><c>outbox</c>, the folder of the notifications.</summary>
    public string Outbox => In("outbox");

    /// <summary><c>.restoring</c>, where a backup is unpacked. While it is there, the folder holds no whole
    /// CA.</summary>
    internal string Restoring => In(".restoring");

    /// <summary>Whether the folder holds a CA, that is, its settings. A CA that is not wholly restored counts, too: no
    /// other may be created in its place.</summary>
    /// <exception cref="UnauthorizedAccessException">The folder may not be entered.</exception>
    public bool Exists => Access.Exists(SettingsFile) || Access.Exists(Restoring);

    /// <summary>Creates what is missing, readable by its owner only, with the default settings; what is there
    /// stays.</summary>
    /// <param name="clock">Decides which leftovers of killed processes are old enough to delete.</param>
    /// <param name="cancellation">Stops waiting for other processes.</param>
    /// <exception cref="FilesUnavailableException">The folder cannot be created, or is not wholly restored. A retry is
    /// safe.</exception>
    public async Task CreateAsync(TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            ExpectWhole();
            DurableFolder.Create(Path, Access.OwnerFolder);
            using FolderLock turn = await FolderLock.TakeAsync(Path, FolderLock.Timeout, cancellation);
            ExpectWhole(); // a restore may have begun just before we got the lock
            AtomicFile.DeleteLeftovers(Path, clock.GetUtcNow());
            DurableFolder.Create(Keys, Access.OwnerFolder);
            DurableFolder.Create(System.IO.Path.Combine(Internal, GitOpsEntries.CsrFolder), Access.WorldFolder);
            DurableFolder.Create(External, Access.WorldFolder);
            DurableFolder.Create(Outbox, Access.OwnerFolder);
            Settings.SettingsFile.CreateDefault(SettingsFile);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FilesUnavailableException(
                $"Data folder '{Path}' cannot be made: {error.Message.TrimEnd('.')}. Check who may write there, or name another one.", error);
        }
    }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="SettingsUnusableException">The settings cannot be used.</exception>
    /// <exception cref="FilesUnavailableException">The folder is not wholly restored.</exception>
    public LocalSettings ReadSettings()
    {
        ExpectWhole();
        return Settings.SettingsFile.Read(SettingsFile);
    }

    private void ExpectWhole()
    {
        if (Access.Exists(Restoring))
        {
            throw new FilesUnavailableException(
                $"Data folder '{Path}' is not wholly restored: a restore is at work there, or was interrupted. If none is at work, repeat it: serverless-ca restore FILE.");
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
