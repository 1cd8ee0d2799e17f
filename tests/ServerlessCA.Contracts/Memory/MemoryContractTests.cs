using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Contracts.Memory;

public sealed class MemoryLedgerTests : LedgerContract
{
    private readonly MemoryLedger ledger = new();

    protected override Task<ICertificateLedger> OpenAsync() => Task.FromResult<ICertificateLedger>(ledger);
}

public sealed class MemoryKeysTests : CaKeysContract
{
    private readonly MemoryKeys service = new();

    protected override Task<ICaKeys> OpenAsync(params (string Name, KeySpec Spec)[] keys)
    {
        foreach ((string name, KeySpec spec) in keys)
        {
            service.With(name, spec);
        }

        return Task.FromResult<ICaKeys>(service);
    }
}

public sealed class MemoryInternalFilesTests : InternalFilesContract
{
    private readonly MemoryInternalFiles store = new();

    protected override Task<IInternalFiles> OpenAsync(params (string Key, byte[] Content)[] files)
    {
        foreach ((string key, byte[] content) in files)
        {
            store.With(key, content);
        }

        return Task.FromResult<IInternalFiles>(store);
    }
}

public sealed class MemoryPublishedFilesTests : PublishedFilesContract
{
    private readonly MemoryPublishedFiles store = new();

    protected override Task<IPublishedFiles> OpenAsync() => Task.FromResult<IPublishedFiles>(store);
}

public sealed class MemoryNotifierTests : NotifierContract
{
    private readonly MemoryNotifier notifier = new();

    protected override Task<INotifier> OpenAsync() => Task.FromResult<INotifier>(notifier);

    protected override Task<IReadOnlyList<Notification>> ReceivedAsync() =>
        Task.FromResult<IReadOnlyList<Notification>>([.. notifier.Delivered.DistinctBy(one => one.Id)]);
}

public sealed class SequentialSerialsTests : SerialSourceContract
{
    protected override ISerialSource Source { get; } = new SequentialSerials();
}
