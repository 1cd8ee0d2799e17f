namespace ServerlessCA.Cli;

/// <summary>Ends a command that cannot go on. The message says what was wrong and where, the hint what to do.</summary>
internal sealed class CommandFault : Exception
{
    private CommandFault(int exitCode, string message, string? hint, Exception? cause)
        : base(message, cause)
    {
        ExitCode = exitCode;
        Hint = hint;
    }

    /// <summary>The exit code, one of <see cref="Cli.ExitCode"/>.</summary>
    public int ExitCode { get; }

    /// <summary>What to do; null when there is nothing to advise.</summary>
    public string? Hint { get; }

    /// <summary>Builds the fault of a command that was written wrongly.</summary>
    public static CommandFault Usage(string message, string? hint) => new(Cli.ExitCode.Usage, message, hint, null);

    /// <summary>Builds the fault of a request that the CA refuses, however it is written.</summary>
    public static CommandFault Refused(string message, string? hint) => new(Cli.ExitCode.Refused, message, hint, null);

    /// <summary>Builds the fault of something that is missing, damaged or out of reach.</summary>
    public static CommandFault Fault(string message, string? hint, Exception? cause = null) =>
        new(Cli.ExitCode.Fault, message, hint, cause);
}

/// <summary>The exit codes, which say how a command ended. Scripts rely on them; help and manual list them.</summary>
public static class ExitCode
{
    /// <summary>The command did what it should.</summary>
    public const int Done = 0;

    /// <summary>A fault ended it: the same command may succeed later, or once what the message names is repaired.</summary>
    public const int Fault = 1;

    /// <summary>The command was written wrongly; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>The CA refused: somebody has to change the request.</summary>
    public const int Refused = 3;

    /// <summary><c>plan --exit-code</c>: nothing is wrong, and there is something to do.</summary>
    public const int Changes = 4;

    /// <summary><c>health</c> found something critical, or a step of <c>smoke</c> failed: somebody has to look now.</summary>
    public const int Unhealthy = 5;

    /// <summary><c>needs-renewal</c>: the certificate is to be renewed now.</summary>
    public const int RenewalDue = 6;
}
