namespace ServerlessCA.Core.Certificates;

/// <summary>A certificate is valid a little before its issue, for clients whose clock is slow (contract section 6, 12.28).</summary>
public static class Backdating
{
    /// <summary>How long before.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(5);

    /// <summary>The start of what is issued at a time.</summary>
    public static DateTimeOffset Of(DateTimeOffset issued) => issued - Time;
}
