using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Ports;

/// <summary>Is the source of serial numbers.</summary>
public interface ISerialSource
{
    /// <summary>Draws a fresh serial number with at least 64 bits of a CSPRNG (CA/Browser Forum BR 7.1; ours has 159).</summary>
    SerialNumber Draw();
}
