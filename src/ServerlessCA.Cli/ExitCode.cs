namespace ServerlessCA.Cli;

/// <summary>How a command ended, for scripts. Contract: the help and the handbook name them.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A fault: the same command may succeed later, or once what the message names is mended.</summary>
    public const int Fault = 1;

    /// <summary>The command was written wrongly; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>The CA refused: somebody has to change the request.</summary>
    public const int Refused = 3;

    /// <summary><c>health</c> found something critical: somebody has to look now. (4 is kept for <c>plan</c>.)</summary>
    public const int Unhealthy = 5;
}
