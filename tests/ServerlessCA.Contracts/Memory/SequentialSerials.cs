using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Contracts.Memory;

/// <summary>Serial numbers in order, so that golden files can name them.</summary>
public sealed class SequentialSerials(long first = 1) : ISerialSource
{
    private long next = first - 1;

    public SerialNumber Draw() => SerialNumber.Of(Interlocked.Increment(ref next));
}
