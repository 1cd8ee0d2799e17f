using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Requesting;

namespace ServerlessCA.Cli.Commands;

/// <summary>Tells that the CA refused.</summary>
internal static class Refusal
{
    /// <summary>For people on standard error; for programs the answer is a result, too.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(Terminal terminal, AuthorityAnswer.Rejected refused, bool json)
    {
        if (json)
        {
            terminal.Write(Answer.Indented(refused.Json));
        }

        foreach (string warning in refused.Warnings)
        {
            terminal.Warning(warning);
        }

        terminal.Error($"the CA refused: {refused.Message}", HintOf(refused));
        return ExitCode.Refused;
    }

    /// <summary>What to do about it; null where the message says it all.</summary>
    public static string? HintOf(AuthorityAnswer.Rejected refused) =>
        refused.Code is not { } code ? null : refused.IsHere ? RefusalHints.OfHere(code) : RefusalHints.OfElsewhere(code);
}
