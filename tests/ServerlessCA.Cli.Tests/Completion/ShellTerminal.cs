using System.Diagnostics;
using System.Globalization;
using System.Text;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Completion;

/// <summary>A shell at a terminal (script of util-linux makes one) that has read the completion script and nothing of this
/// machine's. The program is on its path.</summary>
internal sealed class ShellTerminal : IDisposable
{
    private static readonly Dictionary<string, (string Start, string Setup)> Shells = new()
    {
        ["bash"] = ("bash --norc --noprofile -i", "source ./completion"),
        ["zsh"] = ("zsh -f -i", "autoload -U compinit; compinit -u -D; source ./completion"),
        ["fish"] = ("fish --no-config -i", "source ./completion"),
    };

    private readonly Process process;
    private readonly string setup;
    private readonly StringBuilder seen = new();

    /// <summary>Starts it; skips the test where it is missing.</summary>
    public ShellTerminal(string shell, TemporaryFolder folder)
    {
        (string start, setup) = Shells[shell];
        (int exitCode, _) = ForeignProgram.Run(shell, "--version");
        Assert.Equal(0, exitCode);
        string[] environment =
        [
            "-C", folder.Path, $"HOME={folder.At("home")}", $"PATH={AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}", "TERM=dumb", $"DOTNET_ROOT={Executable.DotnetRoot}",
        ];
        process = ForeignProgram.Start("env", [.. environment, "script", "--quiet", "--flush", "--command", $"stty cols 500 rows 50; exec {start}", "/dev/null"]);
    }

    /// <summary>Types lines, each with Enter behind it, waits until each is done, and leaves the shell.</summary>
    /// <returns>What the terminal showed.</returns>
    public async Task<string> TypeAsync(CancellationToken cancellation, params string[] lines)
    {
        string[] all = [setup, .. lines];
        for (int i = 0; i < all.Length; i++)
        {
            // As it is typed the mark has quotes within, as it is printed it has none.
            string number = i.ToString(CultureInfo.InvariantCulture);
            await SendAsync($"{all[i]}; echo \"done\"\"{number}\"", cancellation);
            await AwaitAsync($"done{number}", cancellation);
        }

        await SendAsync("exit", cancellation);
        await AwaitAsync(null, cancellation);
        return seen.ToString();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private async Task SendAsync(string line, CancellationToken cancellation)
    {
        await process.StandardInput.WriteAsync($"{line}\r".AsMemory(), cancellation);
        await process.StandardInput.FlushAsync(cancellation);
    }

    // Until the mark has come; without one, until the shell has gone.
    private async Task AwaitAsync(string? mark, CancellationToken cancellation)
    {
        char[] buffer = new char[4096];
        while (mark is null || !seen.ToString().Contains(mark, StringComparison.Ordinal))
        {
            int read = await process.StandardOutput.ReadAsync(buffer, cancellation);
            if (read == 0)
            {
                Assert.True(mark is null, $"the shell has gone: {seen}");
                return;
            }

            seen.Append(buffer, 0, read);
        }
    }
}
