using System.Runtime.CompilerServices;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>A ledger whose calls are counted, and whose answers a test may replace.</summary>
internal sealed class InterceptedLedger : ForwardingLedger
{
    private readonly List<string> calls = [];
    private readonly Func<string, object, object> answer;

    private InterceptedLedger(ICertificateLedger inner, Func<string, object, object> answer)
        : base(inner) => this.answer = answer;

    /// <summary>Names of the methods that were called, in order.</summary>
    public IReadOnlyList<string> Calls => calls;

    /// <summary>Items that streams handed out.</summary>
    public int RowsStreamed { get; private set; }

    /// <param name="ledger">What is called.</param>
    /// <param name="answer">Makes of a method's name and of what it gave (a task, or a stream) what is answered.</param>
    public static (ICertificateLedger Ledger, InterceptedLedger Intercepted) Over(
        ICertificateLedger ledger, Func<string, object, object>? answer = null)
    {
        var intercepted = new InterceptedLedger(ledger, answer ?? ((_, given) => given));
        return (intercepted, intercepted);
    }

    protected override Task<T> ReadAsync<T>(Func<Task<T>> read, [CallerMemberName] string method = "") => Answer(method, read);

    protected override Task<T> WriteAsync<T>(Func<Task<T>> write, [CallerMemberName] string method = "") => Answer(method, write);

    protected override IAsyncEnumerable<T> ReadAll<T>(IAsyncEnumerable<T> rows, [CallerMemberName] string method = "") =>
        Answer(method, () => Counted(rows));

    private T Answer<T>(string method, Func<T> ask)
        where T : class
    {
        lock (calls)
        {
            calls.Add(method);
        }

        return (T)answer(method, ask());
    }

    private async IAsyncEnumerable<T> Counted<T>(IAsyncEnumerable<T> rows)
    {
        await foreach (T row in rows)
        {
            RowsStreamed++;
            yield return row;
        }
    }
}
