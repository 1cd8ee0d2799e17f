using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Delivery;
using ServerlessCA.Local.Files;
using ServerlessCA.Local.Keys;
using ServerlessCA.Local.Outbox;
using ServerlessCA.Local.Settings;
using ServerlessCA.Local.Sqlite;
using ServerlessCA.Slack;

namespace ServerlessCA.Local;

/// <summary>A CA of one machine, which holds the settings of a data folder and the adapters on it, ready for the use
/// cases.</summary>
public sealed class LocalCa : IDisposable
{
    /// <summary>Limits the bytes of a ledger whose pages <c>health</c> reads; our decision: some 100,000 certificates, which take a
    /// second.</summary>
    public const long MostCheckedBytes = 256L << 20;

    private readonly SqliteLedger ledger;
    private readonly HttpClient http = SlackHttp.Create();
    private readonly DeliveryQueue queue;

    private LocalCa(DataFolder folder, LocalSettings settings, SqliteLedger ledger, TimeProvider clock, Action<Notification>? delivered)
    {
        this.ledger = ledger;
        Folder = folder;
        Settings = settings;
        Keys = new KeyFiles(folder.Keys, PassphraseOf(folder, settings), clock);
        InternalFiles = new FolderInternalFiles(folder.Internal);
        PublishedFiles = new FolderPublishedFiles(folder.External, clock);
        CrlCopies = new FolderPublishedFiles(folder.Internal, clock);
        queue = new DeliveryQueue(folder.Outbox, DeliveryTargets.Create(settings.Notifications, http, clock), clock);
        Notifier = new NotifierSequence(new FolderOutbox(folder.Outbox, clock, delivered), new QueueNotifier(queue));
    }

    /// <summary>The CA's data folder.</summary>
    public DataFolder Folder { get; }

    /// <summary>The CA's settings.</summary>
    public LocalSettings Settings { get; }

    /// <summary>The key files.</summary>
    public KeyFiles Keys { get; }

    /// <summary>The SQLite ledger.</summary>
    public ICertificateLedger Ledger => ledger;

    /// <summary>The folder <c>internal</c>. A host that was given another GitOps folder uses that one
    /// instead.</summary>
    public IInternalFiles InternalFiles { get; }

    /// <summary>The folder <c>external</c>.</summary>
    public IPublishedFiles PublishedFiles { get; }

    /// <summary>The folder <c>internal</c> again: copies of CRLs are stored there, whatever GitOps folder a host works
    /// with.</summary>
    public IPublishedFiles CrlCopies { get; }

    /// <summary>The folder <c>outbox</c> and the queues of the targets that the settings name.</summary>
    public INotifier Notifier { get; }

    /// <summary>Draws serial numbers from the system's randomness.</summary>
    public ISerialSource Serials { get; } = new RandomSerialSource();

    /// <summary>Opens a data folder.</summary>
    /// <param name="folder">The CA's folder.</param>
    /// <param name="create">Creates what is missing.</param>
    /// <param name="clock">Gives the time to all adapters.</param>
    /// <param name="delivered">Called with each notification after it was written to the outbox; it must not
    /// throw.</param>
    /// <param name="cancellation">Stops waiting for other processes.</param>
    /// <exception cref="FilesUnavailableException">There is no such folder, or it cannot be created.</exception>
    /// <exception cref="SettingsUnusableException">The settings cannot be used.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger is missing, damaged or locked; nothing was
    /// changed.</exception>
    public static async Task<LocalCa> OpenAsync(
        DataFolder folder, bool create, TimeProvider clock, Action<Notification>? delivered, CancellationToken cancellation)
    {
        if (create)
        {
            await folder.CreateAsync(clock, cancellation);
        }
        else
        {
            ExpectThere(folder);
        }

        LocalSettings settings = folder.ReadSettings();

        // The ledger is created before the first key: keys without a ledger mean that it was lost, and a fresh one
        // would use the same CRL numbers again and forget which certificates are revoked.
        bool isNew = create && !HasKeys(folder);
        SqliteLedger ledger = await SqliteLedger.OpenAsync(folder.LedgerFile, isNew, SqliteLedger.DefaultTimeout, cancellation);
        return new LocalCa(folder, settings, ledger, clock, delivered);
    }

    /// <summary>Opens a data folder to read it alone. Nothing in it is written, and its ledger refuses to be.</summary>
    /// <param name="folder">The CA's folder.</param>
    /// <param name="clock">Gives the time to all adapters.</param>
    /// <param name="cancellation">Stops waiting for other processes.</param>
    /// <exception cref="FilesUnavailableException">There is no such folder.</exception>
    /// <exception cref="SettingsUnusableException">The settings cannot be used.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger is missing, damaged, of an older version or locked.</exception>
    public static async Task<LocalCa> OpenToReadAsync(DataFolder folder, TimeProvider clock, CancellationToken cancellation)
    {
        ExpectThere(folder);
        LocalSettings settings = folder.ReadSettings();
        SqliteLedger ledger = await SqliteLedger.OpenToReadAsync(folder.LedgerFile, SqliteLedger.DefaultTimeout, cancellation);
        return new LocalCa(folder, settings, ledger, clock, delivered: null);
    }

    /// <summary>Creates the keys of both CAs if they have none, of the kinds that the settings name.</summary>
    /// <exception cref="CaKeyUnavailableException">A key may have been created. A retry is safe.</exception>
    public async Task CreateKeysAsync(CancellationToken cancellation)
    {
        await Keys.CreateAsync(Settings.Ca.Names.RootCa, Settings.RootKeySpec, cancellation);
        await Keys.CreateAsync(Settings.Ca.Names.IssuingCa, Settings.IssuingKeySpec, cancellation);
    }

    /// <summary>Reads the whole ledger and compares tables with indexes (for <c>health</c>), unless that takes seconds: a backup does it,
    /// too.</summary>
    /// <returns>Whether it was read.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger is damaged or locked.</exception>
    public Task<bool> CheckLedgerAsync(CancellationToken cancellation) => CheckLedgerAsync(MostCheckedBytes, cancellation);

    /// <summary>Does the same for a file of at most so many bytes.</summary>
    internal async Task<bool> CheckLedgerAsync(long mostBytes, CancellationToken cancellation)
    {
        if (new FileInfo(Folder.LedgerFile).Length > mostBytes)
        {
            return false;
        }

        await ledger.CheckAsync(cancellation);
        return true;
    }

    /// <summary>Sends the waiting events to the targets.</summary>
    /// <param name="budget">The time that it may take; what was not reached waits for the next run.</param>
    /// <param name="cancellation">Ends the run early.</param>
    public Task<DeliveryReport> SendAsync(TimeSpan budget, CancellationToken cancellation) => queue.DrainAsync(budget, cancellation);

    /// <summary>Returns when each event was queued that waits for a target, UTC.</summary>
    public IReadOnlyCollection<DateTimeOffset> WaitingSince() => queue.WaitingSince();

    /// <summary>Closes the ledger and forgets the keys.</summary>
    public void Dispose()
    {
        http.Dispose();
        Keys.Dispose();
        ledger.Dispose();
    }

    private static void ExpectThere(DataFolder folder)
    {
        try
        {
            if (!folder.Exists)
            {
                throw new FilesUnavailableException(
                    $"There is no CA in '{folder.Path}'. Name its data folder, or make one: serverless-ca run.");
            }
        }
        catch (UnauthorizedAccessException error)
        {
            throw new FilesUnavailableException(
                $"Data folder '{folder.Path}' may not be entered: {error.Message.TrimEnd('.')}. Run as its owner.", error);
        }
    }

    private static bool HasKeys(DataFolder folder) =>
        Directory.Exists(folder.Keys) && Directory.EnumerateFiles(folder.Keys, "*.key.pem").Any();

    private static IPassphraseSource? PassphraseOf(DataFolder folder, LocalSettings settings) =>
        settings.KeyPassphraseVariable is { } variable ? new EnvironmentPassphrase(variable)
        : settings.KeyPassphraseFile is { } file ? new FilePassphrase(Path.GetFullPath(file, Path.GetFullPath(folder.Path)))
        : null;
}
