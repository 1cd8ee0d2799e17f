namespace ServerlessCA.Lambda.Runtime;

/// <summary>What one of the functions does with an event.</summary>
internal interface IFunction
{
    /// <summary>One event in, one answer out: UTF-8 JSON.</summary>
    /// <exception cref="Exception">A function error: the type's name is what <c>Retry</c> and <c>Catch</c> match.</exception>
    Task<ReadOnlyMemory<byte>> HandleAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellation);
}
