using System.Globalization;

namespace ServerlessCA.Lambda.Runtime;

/// <summary>Tells the garbage collector how much memory the function has: the machine it runs on has more.</summary>
internal static class HeapLimit
{
    /// <summary>From <c>AWS_LAMBDA_FUNCTION_MEMORY_SIZE</c>, megabytes; nothing happens without.</summary>
    public static void Apply(string? megabytes)
    {
        if (int.TryParse(megabytes, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0)
        {
            AppContext.SetData("GCHeapHardLimit", (ulong)size << 20);
            GC.RefreshMemoryLimit();
        }
    }
}
