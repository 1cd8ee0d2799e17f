using System.Runtime.CompilerServices;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Contracts.Faults;

/// <summary>A ledger whose calls fail as planned.</summary>
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
