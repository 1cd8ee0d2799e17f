namespace ServerlessCA.Cli;

/// <summary>A command cannot go on. The message says what was wrong and where, the hint what to do.</summary>
internal sealed class CommandFault : Exception
{
    private CommandFault(int exitCode, string message, string? hint, Exception? cause)
        : base(message, cause)
    {
        ExitCode = exitCode;
        Hint = hint;
    }

    /// <summary>One of <see cref="Cli.ExitCode"/>.</summary>
    public int ExitCode { get; }

    /// <summary>What to do, if there is something.</summary>
    public string? Hint { get; }

    /// <summary>The command was written wrongly.</summary>
    public static CommandFault Usage(string message, string? hint) => new(Cli.ExitCode.Usage, message, hint, null);

    /// <summary>The CA does not do that, however it is written.</summary>
    public static CommandFault Refused(string message, string? hint) => new(Cli.ExitCode.Refused, message, hint, null);

    /// <summary>Something is missing, damaged or out of reach.</summary>
    public static CommandFault Fault(string message, string? hint, Exception? cause = null) =>
        new(Cli.ExitCode.Fault, message, hint, cause);
}

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

    /// <summary><c>plan --exit-code</c>: nothing is wrong, and there is something to do.</summary>
    public const int Changes = 4;

    /// <summary><c>health</c> found something critical: somebody has to look now.</summary>
    public const int Unhealthy = 5;
}
