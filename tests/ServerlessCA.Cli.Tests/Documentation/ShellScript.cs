using System.Text.RegularExpressions;

namespace ServerlessCA.Cli.Tests.Documentation;

/// <summary>Finds the commands of a shell script as bash reads them: bash runs the script, and each program is a stand-in
/// that notes its arguments and succeeds.</summary>
internal static partial class ShellScript
{
    // Commands of a pipe run at the same time: each is noted by one write.
    private const string Head = """
        shopt -s expand_aliases
        PATH=/nowhere
        note() { printf '%s\0' "$@" $'\1' >> "$NOTES"; [[ "$1 $2" != 'terraform output' && $1 != date ]] || printf 1900000000; }
        command_not_found_handle() { note "$@"; }
        cd() { :; }
        exit() { :; }
        echo() { :; }

        """;

    /// <summary>Returns the commands, each with its arguments.</summary>
    public static async Task<IReadOnlyList<string[]>> CommandsOfAsync(string script)
    {
        using var folder = new TemporaryFolder();
        foreach (Match output in OutputFile().Matches(script))
        {
            Directory.CreateDirectory(folder.At(HomeFolder().Replace(output.Groups["folder"].Value, "")));
        }

        foreach (Match input in InputFile().Matches(script))
        {
            folder.Write(input.Groups["file"].Value, "");
        }

        // bash looks for a command with a slash among the functions, too.
        IEnumerable<string> files = Program().Matches(script).Select(program => program.Groups["path"].Value).Distinct(StringComparer.Ordinal);
        string standIns = string.Concat(files.Select(path => $"{path}() {{ note {path} \"$@\"; }}\n"));
        string file = folder.Write("script.sh", $"{Head}{standIns}{script}\nwait\n");
        string notes = folder.Write("notes", "");
        Run run = await Run.OfAsync("/bin/bash", folder.Path, [file], variables: new Dictionary<string, string> { ["NOTES"] = notes, ["HOME"] = folder.Path, ["PROFILE"] = "profile.ps1" });
        Assert.True(run.Errors.Length == 0, $"{run.Errors}\n{script}");
        string[] commands = (await File.ReadAllTextAsync(notes, TestContext.Current.CancellationToken)).Split("\0\u0001\0", StringSplitOptions.RemoveEmptyEntries);
        return [.. commands.Select(command => command.Split('\0')).Select(Inner)];
    }

    // What a program like sudo runs is the command; dotnet run of our program is our program.
    private static string[] Inner(string[] command) => command switch
    {
        ["sudo", .. string[] inner] => Inner(inner),
        ["./serverless-ca", .. string[] arguments] => ["serverless-ca", .. arguments],
        ["dotnet", "run", "--project", "src/ServerlessCA.Cli", "--", .. string[] arguments] => ["serverless-ca", .. arguments],
        _ => command,
    };

    [GeneratedRegex(@"^[ \t]*(?:\w+=\S*\s+)*(?<path>\.{0,2}[\w.-]*/[\w./-]+)(?=\s|$)", RegexOptions.Multiline)]
    private static partial Regex Program();

    [GeneratedRegex("^~/")]
    private static partial Regex HomeFolder();

    [GeneratedRegex(@">\s*""?(?<folder>[^\s""|&;()<>$]+)/[^\s/]+")]
    private static partial Regex OutputFile();

    [GeneratedRegex(@"(?<![<\w])<\s*(?<file>[\w./-]+)")]
    private static partial Regex InputFile();
}
