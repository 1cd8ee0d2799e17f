namespace ServerlessCA.Contracts.Faults;

/// <summary>How a call fails.</summary>
public enum Fault
{
    /// <summary>A write fails before it reaches the store.</summary>
    WriteLost,

    /// <summary>A write is done, but its answer is lost: the caller sees a failure.</summary>
    WriteDoneButReportedLost,

    /// <summary>A read fails.</summary>
    ReadFailed,
}
