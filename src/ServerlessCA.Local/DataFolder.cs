using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;
using ServerlessCA.Local.Files;
using ServerlessCA.Local.Settings;

namespace ServerlessCA.Local;

/// <summary>Where a local CA lives: <c>settings.json</c>, <c>ca.db</c>, <c>keys/</c>, <c>internal/</c>, <c>external/</c>,
/// <c>outbox/</c>. Immutable.</summary>
/// <param name="Path">The folder, absolute or from the working directory.</param>
public sealed record DataFolder(string Path)
{
    /// <summary>The usual place: <c>./.serverless-ca</c>.</summary>
    public const string DefaultPath = ".serverless-ca";

    internal const string SettingsName = "settings.json";
    internal const string LedgerName = "ca.db";
    internal const string KeysName = "keys";
    internal const string InternalName = "internal";
    internal const string ExternalName = "external";

    /// <summary><c>settings.json</c>: to be read and edited by people.</summary>
    public string SettingsFile => In(SettingsName);

    /// <summary><c>ca.db</c>: the ledger.</summary>
    public string LedgerFile => In(LedgerName);

    /// <summary><c>keys</c>: the CA keys.</summary>
    public string Keys => In(KeysName);

    /// <summary><c>internal</c>: what the operator hands in.</summary>
    public string Internal => In(InternalName);

    /// <summary><c>external</c>: what the world may download.</summary>
    public string External => In(ExternalName);

    /// <summary><c>outbox</c>: notifications.</summary>
    public string Outbox => In("outbox");

    /// <summary><c>.restoring</c>: where a backup is unpacked. While it is there, this is no whole CA.</summary>
    internal string Restoring => In(".restoring");

    /// <summary>Whether there is a CA: the folder with its settings. One that is not wholly restored is there, too: no other
    /// may be made in its place.</summary>
    /// <exception cref="UnauthorizedAccessException">The folder may not be entered.</exception>
    public bool Exists => Access.Exists(SettingsFile) || Access.Exists(Restoring);

    /// <summary>Makes what is missing, readable by its owner only, with the default settings; what is there stays.</summary>
    /// <param name="clock">Tells which leftovers of killed processes are old enough to delete.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="FilesUnavailableException">It cannot be made, or is not wholly restored; safe to repeat.</exception>
    public async Task CreateAsync(TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            ExpectWhole();
            DurableFolder.Create(Path, Access.OwnerFolder);
            using FolderLock turn = await FolderLock.TakeAsync(Path, FolderLock.Timeout, cancellation);
            ExpectWhole(); // a restore may have begun just before our turn
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
    /// <exception cref="SettingsUnusableException">They cannot be used.</exception>
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
