using System.Reflection;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>A ledger whose reads are counted, and whose answers a test may replace.</summary>
public class InterceptedLedger : DispatchProxy
{
    private readonly List<string> calls = [];
    private ICertificateLedger inner = null!;
    private Func<string, object?, object?> answer = (_, given) => given;

    /// <summary>Names of the methods that were called, in order.</summary>
    public IReadOnlyList<string> Calls => calls;

    /// <summary>Rows that streams handed out.</summary>
    public int RowsStreamed { get; private set; }

    public static (ICertificateLedger Ledger, InterceptedLedger Intercepted) Over(
        ICertificateLedger ledger, Func<string, object?, object?>? answer = null)
    {
        ICertificateLedger proxy = Create<ICertificateLedger, InterceptedLedger>();
        var intercepted = (InterceptedLedger)(object)proxy;
        intercepted.inner = ledger;
        intercepted.answer = answer ?? intercepted.answer;
        return (proxy, intercepted);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        lock (calls)
        {
            calls.Add(targetMethod!.Name);
        }

        object? given = targetMethod.Invoke(inner, args);
        return answer(targetMethod.Name, given is IAsyncEnumerable<CertificateRecord> rows ? Counted(rows) : given);
    }

    private async IAsyncEnumerable<CertificateRecord> Counted(IAsyncEnumerable<CertificateRecord> rows)
    {
        await foreach (CertificateRecord row in rows)
        {
            RowsStreamed++;
            yield return row;
        }
    }
}
