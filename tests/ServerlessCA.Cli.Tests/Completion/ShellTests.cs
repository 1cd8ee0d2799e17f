using System.Diagnostics;
using System.Globalization;
using System.Text;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Completion;

/// <summary>Tests the scripts in the shells themselves: keys are typed at a terminal, and the output of the completed
/// command lines shows what they were completed to.</summary>
public sealed class ShellTests
{
    private const string CommonName = "completed.example.com";
    private const int Timeout = 300_000; // milliseconds; a shell that asks a question would wait for ever

    public static TheoryData<string> Shells => ["bash", "zsh", "fish"];

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Shells))]
    public async Task The_tab_key_completes_commands_options_values_files_and_folders(string shell)
    {
        using TemporaryFolder folder = await PrepareAsync(shell);
        using var terminal = new ShellTerminal(shell, folder);

        string seen = await terminal.TypeAsync(
            TestContext.Current.CancellationToken,
            "serverless-ca --vers\t",
            "serverless-ca reques\t--common-n\tcompleted.example.com --key-t\tec-p3\t--out certs/or\t",
            "serverless-ca lis\t--outp\tjs\t",
            "serverless-ca decode --text certs/orde\tclient-cert.p\t",
            "serverless-ca decode --text --output=te\tcerts/order/client-cert.p\t",
            "serverless-ca list --nam\tcompleted --ca loc\tother-c\t");

        Assert.Contains("serverless-ca 1.", seen, StringComparison.Ordinal);
        Assert.Contains($"\"CommonName\": \"{CommonName}\"", seen, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.At("certs", "order", "client-cert.pem")), seen);
        Assert.Equal(2, seen.Split("EC, P-384").Length - 1);
        Assert.Contains("there is no CA in 'other-ca", seen, StringComparison.Ordinal);
    }

    [Fact]
    public void The_script_of_PowerShell_asks_the_program_as_the_others_do()
    {
        string script = File.ReadAllText(Repository.At("src", "ServerlessCA.Cli", "Completion", "Scripts", "completion.powershell"));

        Assert.Contains("Register-ArgumentCompleter -Native -CommandName 'serverless-ca'", script, StringComparison.Ordinal);
        Assert.Contains("'[suggest]'", script, StringComparison.Ordinal);
        Assert.Equal(script.Count(c => c == '{'), script.Count(c => c == '}'));
        Assert.Equal(script.Count(c => c == '('), script.Count(c => c == ')'));
    }

    // Makes a CA, folders to complete, and the script where the shell reads it.
    private static async Task<TemporaryFolder> PrepareAsync(string shell)
    {
        var folder = new TemporaryFolder();
        (await Executable.RunAsync(folder.Path, "run")).Done();
        Directory.CreateDirectory(folder.At("certs", "order"));
        Directory.CreateDirectory(folder.At("other-ca"));
        File.WriteAllText(folder.At("certs", "ordinary-file"), "");
        Result script = (await Executable.RunAsync(folder.Path, "completion", shell)).Done();
        File.WriteAllText(folder.At("completion"), script.Output, new UTF8Encoding(false));
        return folder;
    }
}

/// <summary>Runs a shell at a terminal, which script of util-linux makes. It has read the completion script and no
/// configuration of this machine, and the program is on its path.</summary>
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

    /// <summary>Starts the shell; skips the test where it is missing.</summary>
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

    /// <summary>Types lines, each followed by Enter, waits until each is done, and leaves the shell.</summary>
    /// <returns>What the terminal showed.</returns>
    public async Task<string> TypeAsync(CancellationToken cancellation, params string[] lines)
    {
        string[] all = [setup, .. lines];
        for (int i = 0; i < all.Length; i++)
        {
            // The mark is typed with quotes within and printed without them.
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

    // Waits until the mark has come; without one, until the shell has ended.
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
