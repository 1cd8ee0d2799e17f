using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Authorities;

/// <summary>A CA as those see it who look into what it remembers: in a folder or on AWS.</summary>
internal interface IInventory : IDisposable
{
    /// <summary>What it remembers.</summary>
    ICertificateLedger Ledger { get; }

    /// <summary>Its names.</summary>
    CaNames Names { get; }
}
