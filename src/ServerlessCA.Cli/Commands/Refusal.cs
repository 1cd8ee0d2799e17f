using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Issuance;

namespace ServerlessCA.Cli.Commands;

/// <summary>Tells that the CA refused.</summary>
internal static class Refusal
{
    /// <summary>For people on standard error; for programs the answer is a result, too.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(Terminal terminal, IssueOutcome.Refused refused, bool json)
    {
        if (json)
        {
            terminal.Write(Answer.Indented(refused.Json));
        }

        foreach (string warning in refused.Warnings)
        {
            terminal.Warning(warning);
        }

        terminal.Error($"the CA refused: {refused.Why.Message}", RefusalHints.Of(refused.Why));
        return ExitCode.Refused;
    }
}
