using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Ports;

/// <summary>Where serial numbers come from.</summary>
public interface ISerialSource
{
    /// <summary>A fresh serial number with at least 64 bits of a CSPRNG (CA/Browser Forum BR 7.1; ours has 159).</summary>
    SerialNumber Draw();
}
