using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Agent;

/// <summary>Notifies the application of new files: runs a command, signals a process, does both or neither.
/// Immutable.</summary>
/// <param name="Command">Program and arguments, run without a shell; empty when there is none.</param>
/// <param name="Signal">One of <see cref="Signals"/>; null when none is sent.</param>
/// <param name="PidFile">The file with the number of the process to signal.</param>
/// <param name="Clock">Limits the time of reading that file.</param>
internal sealed record Announcement(IReadOnlyList<string> Command, string? Signal, string? PidFile, TimeProvider Clock)
{
    private const int MaxPidOctets = 64;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1); // our decision: longer than any reload

    // The same numbers on Linux and macOS, except for USR1 and USR2.
    private static readonly Dictionary<string, int> Numbers = new()
    {
        ["HUP"] = 1,
        ["INT"] = 2,
        ["QUIT"] = 3,
        ["USR1"] = OperatingSystem.IsMacOS() ? 30 : 10,
        ["USR2"] = OperatingSystem.IsMacOS() ? 31 : 12,
        ["TERM"] = 15,
        ["WINCH"] = 28,
    };

    /// <summary>The names of the signals that can be sent.</summary>
    public static IReadOnlyList<string> Signals { get; } = [.. Numbers.Keys];

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsNothing => Command.Count == 0 && Signal is null;

    /// <summary>Sends the signal and runs the command.</summary>
    /// <returns>What went wrong; null when nothing did.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellation) =>
        (Signal is null ? null : SendSignal()) ?? (Command.Count == 0 ? null : await RunCommandAsync(cancellation));

    private string? SendSignal()
    {
        try
        {
            string text = Files.InputFile.Text(PidFile!, "--pid-file", MaxPidOctets, Clock).Trim();
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int process) || process < 1)
            {
                return $"--pid-file '{PidFile}' holds no number of a process";
            }

            PosixFile.Signal(process, Numbers[Signal!]);
            return null;
        }
        catch (Exception fault) when (fault is IOException or CommandFault)
        {
            return fault.Message;
        }
    }

    private async Task<string?> RunCommandAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Timeout);
        try
        {
            // Its output goes where ours goes; it inherits our environment, without the token that the CA knows us by.
            var start = new ProcessStartInfo(Command[0], Command.Skip(1)) { UseShellExecute = false };
            start.Environment.Remove(AccessOptions.TokenVariable);
            using Process process = Process.Start(start)!;
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return cancellation.IsCancellationRequested ? throw new OperationCanceledException(cancellation)
                    : $"'{Command[0]}' did not end within {Timeout.TotalSeconds:0} seconds and was killed";
            }

            return process.ExitCode == 0 ? null : $"'{Command[0]}' ended with {process.ExitCode}";
        }
        catch (Win32Exception fault)
        {
            return $"'{Command[0]}' cannot be run: {fault.Message}";
        }
    }
}
