using System.Globalization;
using ServerlessCA.Core.Operations;

namespace ServerlessCA.Lambda.Runtime;

/// <summary>The answer is larger than Lambda hands on (quota: 6 MB for a synchronous invocation). The work was done.</summary>
internal sealed class ResponseTooLargeException(int length) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"the work was done, but its answer of {length} bytes is more than Lambda hands on ({MaxBytes} bytes): read the result from the table"))
{
    /// <summary>Bytes of an answer at most.</summary>
    public const int MaxBytes = OperationResult.MaxBytes;
}
