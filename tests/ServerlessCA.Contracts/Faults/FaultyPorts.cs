using System.Runtime.CompilerServices;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Contracts.Faults;

/// <summary>Is a ledger whose calls fail as planned.</summary>
public sealed class FaultyLedger(ICertificateLedger inner, FaultPlan plan) : ForwardingLedger(inner)
{
    protected override async Task<T> ReadAsync<T>(Func<Task<T>> read, [CallerMemberName] string method = "")
    {
        plan.Read(Failure);
        return await read();
    }

    protected override async IAsyncEnumerable<T> ReadAll<T>(IAsyncEnumerable<T> rows, [CallerMemberName] string method = "")
    {
        plan.Read(Failure);
        await foreach (T row in rows)
        {
            yield return row;
        }
    }

    protected override Task<T> WriteAsync<T>(Func<Task<T>> write, [CallerMemberName] string method = "") => plan.WriteAsync(write, Failure);

    private static LedgerUnavailableException Failure(string message) => new(message);
}

/// <summary>Is a key service that fails as planned; a signature counts as a write.</summary>
public sealed class FaultyKeys(ICaKeys inner, FaultPlan plan) : ICaKeys
{
    public async Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation)
    {
        plan.Read(Failure);
        return await inner.FindAsync(caName, cancellation) is { } key ? new FaultyKey(key, plan) : null;
    }

    private static CaKeyUnavailableException Failure(string message) => new(message);

    private sealed class FaultyKey(ICaKey inner, FaultPlan plan) : ICaKey
    {
        public KeySpec Spec => inner.Spec;

        public ReadOnlyMemory<byte> SubjectPublicKeyInfo => inner.SubjectPublicKeyInfo;

        public Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation) =>
            plan.WriteAsync(() => inner.SignAsync(content, cancellation), Failure);
    }
}

/// <summary>Is a store of the operator's files whose reads fail as planned.</summary>
public sealed class FaultyInternalFiles(IInternalFiles inner, FaultPlan plan) : IInternalFiles
{
    public string Location => inner.Location;

    public async Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation)
    {
        plan.Read(message => new FilesUnavailableException(message));
        return await inner.ReadAsync(key, cancellation);
    }
}

/// <summary>Is a store of published files whose calls fail as planned.</summary>
public sealed class FaultyPublishedFiles(IPublishedFiles inner, FaultPlan plan) : IPublishedFiles
{
    public async Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation)
    {
        plan.Read(Failure);
        return await inner.ReadAsync(key, cancellation);
    }

    public Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation) =>
        plan.WriteAsync(() => inner.PublishAsync(file, expected, cancellation), Failure);

    private static FilesUnavailableException Failure(string message) => new(message);
}

/// <summary>Is a notifier whose deliveries fail as planned.</summary>
public sealed class FaultyNotifier(INotifier inner, FaultPlan plan) : INotifier
{
    public Task DeliverAsync(Notification notification, CancellationToken cancellation) => plan.WriteAsync(
        () => inner.DeliverAsync(notification, cancellation), message => new NotDeliveredException(message));
}
