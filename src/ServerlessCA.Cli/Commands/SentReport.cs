using ServerlessCA.Local.Delivery;

namespace ServerlessCA.Cli.Commands;

/// <summary>What became of notifications.</summary>
internal static class SentReport
{
    /// <summary>Names the targets that could not be told; a command does not fail for that.</summary>
    public static void Warn(Terminal terminal, DeliveryReport sent)
    {
        foreach (TargetReport target in sent.Targets.Where(target => target.Problem is not null))
        {
            terminal.Warning($"{target.Target}: {target.Problem}");
        }
    }
}
