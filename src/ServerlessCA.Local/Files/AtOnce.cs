namespace ServerlessCA.Local.Files;

/// <summary>Does what takes less time than to wake another thread, on the thread that asks, behind ports whose methods return tasks.</summary>
internal static class AtOnce
{
    /// <summary>Does it before it returns; the task has the result, or the exception.</summary>
    /// <param name="work">What is done.</param>
    /// <param name="cancellation">When it is over already, nothing is done.</param>
    public static Task<T> Run<T>(Func<T> work, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellation);
        }

        try
        {
            return Task.FromResult(work());
        }
#pragma warning disable CA1031 // it is thrown where the task is awaited
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Task.FromException<T>(error);
        }
    }
}
