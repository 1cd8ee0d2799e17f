namespace ServerlessCA.Lambda.Handlers;

/// <summary>What the functions without a result answer, as they always did: JSON null.</summary>
internal static class NoAnswer
{
    public static ReadOnlyMemory<byte> Json { get; } = "null"u8.ToArray();
}
