using System.Text;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Completion;

/// <summary>The scripts in the shells themselves: keys are typed at a terminal, and what the completed command lines
/// print tells what they were completed to.</summary>
public sealed class ShellTests
{
    private const string CommonName = "completed.example.com";
    private const int Timeout = 300_000; // milliseconds: a shell that asks something back would wait for ever

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

    // A CA, folders to complete, and the script where the shell reads it.
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
