using System.Runtime.CompilerServices;

namespace ServerlessCA.Core.Issuance;

/// <summary>Looks things up in the ledger, some at once: lists keep every old entry, and are read every day.</summary>
internal static class LookUps
{
    private const int AtOnce = 16; // our decision

    /// <summary>What was found of each item, in the order of the items.</summary>
    /// <param name="items">Each is looked up once.</param>
    /// <param name="find">Looks one up.</param>
    /// <param name="cancellation">Stops before the next ones.</param>
    public static async IAsyncEnumerable<(T Item, TFound Found)> OfAsync<T, TFound>(
        IEnumerable<T> items, Func<T, Task<TFound>> find, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (T[] some in items.Chunk(AtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            TFound[] found = await Task.WhenAll(some.Select(find));
            foreach ((T, TFound) pair in some.Zip(found))
            {
                yield return pair;
            }
        }
    }
}
