using ServerlessCA.Core.History;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local;
using ServerlessCA.Local.Files;
using ServerlessCA.Local.Settings;

namespace ServerlessCA.Cli.Authorities;

/// <summary>Opens a local CA for a command, issues its certificates and gives access to its ledger.</summary>
internal sealed class LocalAuthority : IAuthority, IInventory
{
    // Our decision: events that take longer are left to the next command, as nobody wants to watch a command that waits for
    // a mail server.
    private static readonly TimeSpan SendingTime = TimeSpan.FromMinutes(1);

    private readonly LocalCa ca;
    private readonly TimeProvider clock;

    private LocalAuthority(LocalCa ca, TimeProvider clock)
    {
        this.ca = ca;
        this.clock = clock;
    }

    /// <summary>The folder with its files.</summary>
    public DataFolder Folder => ca.Folder;

    /// <summary>How it is set up.</summary>
    public LocalSettings Settings => ca.Settings;

    /// <inheritdoc/>
    public ICertificateLedger Ledger => ca.Ledger;

    /// <inheritdoc/>
    public CaNames Names => ca.Settings.Ca.Names;

    /// <summary>Opens a CA that exists.</summary>
    /// <exception cref="CommandFault">There is none.</exception>
    public static async Task<LocalAuthority> OpenAsync(string folder, TimeProvider clock, CancellationToken cancellation) =>
        Checked(await OpenUncheckedAsync(folder, clock, cancellation));

    /// <summary>Opens a CA that exists to read it alone.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read, or is of an older version.</exception>
    public static async Task<LocalAuthority> OpenToReadAsync(string folder, TimeProvider clock, CancellationToken cancellation) =>
        Checked(new LocalAuthority(await LocalCa.OpenToReadAsync(new DataFolder(folder), clock, cancellation), clock));

    /// <summary>Opens a CA that exists, also one whose settings contradict each other: to examine it, not to issue with
    /// it.</summary>
    /// <exception cref="CommandFault">There is none.</exception>
    public static async Task<LocalAuthority> OpenUncheckedAsync(string folder, TimeProvider clock, CancellationToken cancellation)
    {
        var data = new DataFolder(folder);
        return data.Exists
            ? await OpenAsync(data, create: false, clock, cancellation)
            : throw CommandFault.Fault(
                $"there is no CA in '{folder}'", "make one with 'serverless-ca run', or name the folder of another: --ca local:FOLDER");
    }

    /// <summary>Opens a CA and makes what it lacks: folder, settings, ledger, keys.</summary>
    /// <exception cref="CommandFault">A choice contradicts the CA that is there.</exception>
    public static async Task<LocalAuthority> OpenOrCreateAsync(
        string folder, FirstUse first, TimeProvider clock, CancellationToken cancellation)
    {
        var data = new DataFolder(folder);
        await first.WriteAsync(data, clock, cancellation);
        LocalAuthority authority = Checked(await OpenAsync(data, create: true, clock, cancellation));
        try
        {
            KeySpec? root = await authority.KeyOfAsync(authority.Names.RootCa, cancellation);
            KeySpec? issuing = await authority.KeyOfAsync(authority.Names.IssuingCa, cancellation);
            first.Check(data, authority.ca.Settings, root, issuing);
            await authority.CreateKeyAsync(authority.Names.RootCa, root, authority.ca.Settings.RootKeySpec, cancellation);
            await authority.CreateKeyAsync(authority.Names.IssuingCa, issuing, authority.ca.Settings.IssuingKeySpec, cancellation);
            return authority;
        }
        catch
        {
            authority.Dispose();
            throw;
        }
    }

    /// <summary>Puts together what the use cases work with.</summary>
    /// <param name="gitOpsFolder">The folder with <c>tls.json</c> and the lists of revoked certificates; null for the data
    /// folder's own.</param>
    /// <param name="command">The command that the history names before the user; null: none.</param>
    public Deployment Deployment(string? gitOpsFolder = null, string? command = null) => new(
        ca.Settings.Ca,
        ca.Keys,
        ca.Ledger,
        gitOpsFolder is null ? ca.InternalFiles : new FolderInternalFiles(gitOpsFolder),
        ca.PublishedFiles,
        ca.CrlCopies,
        ca.Notifier,
        ca.Serials,
        clock)
    {
        Actor = new Actor(command is null ? User : $"{command} {User}"),
    };

    // The user of the operating system.
    private static string User => $"local:{Environment.UserName}";

    /// <inheritdoc/>
    public async Task<AuthorityAnswer> RequestAsync(CertificateRequest request, CancellationToken cancellation)
    {
        try
        {
            // The request is passed as JSON, as to every other CA: the CA's own settings decide how it is read.
            return await new IssueCertificate(Deployment()).RunAsync(RequestWriter.Write(request), cancellation) switch
            {
                IssueOutcome.Refused refused => new AuthorityAnswer.Rejected(refused.Json, refused.Why.Message, refused.Why.Code, refused.Warnings) { IsHere = true },
                IssueOutcome.Issued issued => new AuthorityAnswer.Given(issued.Json, issued.Repeated),
                var other => new AuthorityAnswer.Given(other.Json),
            };
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            // With every other fault the ports and use cases guarantee that nothing was issued.
            bool mayBeIssued = fault is LedgerUnavailableException { NothingWasStored: false };
            throw new AuthorityFault(AuthorityFaultKind.Failed, fault.Message, null, mayBeIssued, fault);
        }
    }

    /// <summary>Delivers the events of the outbox to the targets of the settings.</summary>
    public Task<DeliveryReport> SendEventsAsync(CancellationToken cancellation) => ca.SendAsync(SendingTime, cancellation);

    /// <summary>Returns when each event was queued that waits for a target of the settings, UTC.</summary>
    public IReadOnlyCollection<DateTimeOffset> QueuedEvents() => ca.WaitingSince();

    /// <summary>Reads the whole ledger and compares tables with indexes.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger is damaged or locked.</exception>
    public Task<bool> CheckLedgerAsync(CancellationToken cancellation) => ca.CheckLedgerAsync(cancellation);

    /// <inheritdoc/>
    public void Dispose() => ca.Dispose();

    private static async Task<LocalAuthority> OpenAsync(DataFolder data, bool create, TimeProvider clock, CancellationToken cancellation) =>
        new(await LocalCa.OpenAsync(data, create, clock, delivered: null, cancellation), clock);

    private static LocalAuthority Checked(LocalAuthority authority)
    {
        if (SettingsCheck.Problems(authority.ca.Settings.Ca) is not [string problem, ..])
        {
            return authority;
        }

        authority.Dispose();
        throw CommandFault.Fault($"'{authority.Folder.SettingsFile}': {problem}", "correct the file");
    }

    private async Task<KeySpec?> KeyOfAsync(string name, CancellationToken cancellation) =>
        (await ca.Keys.FindAsync(name, cancellation))?.Spec;

    // If a CA has a certificate and no key, a new key would make another CA: the pipeline reports it, and a person has to
    // repair it.
    private async Task CreateKeyAsync(string name, KeySpec? existing, KeySpec spec, CancellationToken cancellation)
    {
        if (existing is null && !(await Ledger.FindByNameAsync(name, cancellation)).Any(row => row.IsCa))
        {
            await ca.Keys.CreateAsync(name, spec, cancellation);
        }
    }
}
