namespace ServerlessCA.Core.Ports;

/// <summary>The ledger could not be read or written: locked, damaged, throttled, unreachable. A write may or
/// may not have been stored unless <see cref="NothingWasStored"/> says so. The message names the store and what to do.</summary>
public sealed class LedgerUnavailableException(string message, Exception? cause = null, bool nothingWasStored = false)
    : Exception(message, cause)
{
    /// <summary>True when the failed call certainly changed nothing.</summary>
    public bool NothingWasStored { get; } = nothingWasStored;

    /// <summary>True when a read needs an index that is missing, is still being built or may not be used, such as in a table
    /// that was restored without indexes: everything else works, and trying again at once changes nothing.</summary>
    public bool IsIndexMissing { get; init; }
}
