using System.Globalization;

namespace ServerlessCA.Lambda.Runtime;

/// <summary>Limits the heap to the function's memory, as the machine has more.</summary>
internal static class HeapLimit
{
    /// <summary>Sets the limit from <c>AWS_LAMBDA_FUNCTION_MEMORY_SIZE</c>, megabytes; without the variable there is
    /// none.</summary>
    public static void Apply(string? megabytes)
    {
        if (int.TryParse(megabytes, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0)
        {
            AppContext.SetData("GCHeapHardLimit", (ulong)size << 20);
            GC.RefreshMemoryLimit();
        }
    }
}
