using System.Text.RegularExpressions;
using ServerlessCA.Cli.Output;

namespace ServerlessCA.Cli.Tests.Documentation;

/// <summary>Judges commands of the documentation without running them: our own by the parser of our command line, others by what the
/// program itself says of its options.</summary>
internal static partial class CommandJudge
{
    private const string Nobody = "http://127.0.0.1:1"; // where no program listens

    // Tools whose arguments shellcheck alone looks at.
    private static readonly string[] Plain =
    [
        "apt-get", "base64", "cat", "chmod", "chown", "cp", "date", "helm", "install", "jq", "kubectl", "ls", "man", "minisign", "mkdir", "mv", "rm", "sha256sum", "sleep", "systemctl", "tar", "tee",
        "useradd", "zip",
    ];

    /// <summary>Says whether more than the shell's syntax of a command is checked.</summary>
    public static bool IsJudged(string[] command) => command[0] is "serverless-ca" or "openssl" or "curl" or "aws" or "terraform" or "make" or "dotnet" || IsOurs(command[0]);

    /// <summary>Says what is wrong with a command; null: nothing that can be seen.</summary>
    public static Task<string?> WhyNotAsync(string[] command) => command[0] switch
    {
        "serverless-ca" => Task.FromResult(OfOurs(command[1..])),
        "openssl" => ByHelpAsync(command, "openssl", [command[1], "-help"], inGroups: false),
        "curl" => ByHelpAsync(command, "curl", ["--help", "all"], inGroups: true),
        "terraform" => ByHelpAsync(command, "terraform", command is [_, "state", ..] ? ["state", command[2], "-help"] : [command[1], "-help"], inGroups: false),
        "aws" => OfAwsAsync(command),
        "make" => Task.FromResult(OfMake(command)),
        "dotnet" => Task.FromResult(OfDotnet(command)),
        _ when IsOurs(command[0]) => Task.FromResult(OfFile(command[0])),
        _ when Plain.Contains(command[0]) => Task.FromResult<string?>(null),
        _ => Task.FromResult<string?>($"{command[0]} is unknown: add it to CommandJudge, with a check if there is one"),
    };

    private static string? OfOurs(string[] arguments)
    {
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, TerminalTraits.Plain);
        CommandFault? fault = new CommandLine(new Surroundings(terminal, TimeProvider.System, _ => null)).WhyNot(arguments);
        return fault is null ? null : $"{fault.Message}; {fault.Hint}";
    }

    // Options of two letters and more, by the help of the program: -days, --cacert, -out=plan.
    private static async Task<string?> ByHelpAsync(string[] command, string program, string[] help, bool inGroups)
    {
        string text = (await ForeignProgram.RunAsync(program, help, Directory.GetCurrentDirectory())).Text;
        if (program == "terraform" && help[0] is ("apply" or "destroy"))
        {
            text += (await ForeignProgram.RunAsync(program, ["plan", "-help"], Directory.GetCurrentDirectory())).Text; // which takes its options, too
        }

        string[] known = [.. Option().Matches(text).Select(option => option.Value)];
        if (text.Contains("has no command named", StringComparison.Ordinal) || text.Contains("Invalid command", StringComparison.Ordinal))
        {
            return $"{program} has no command {command[1]}";
        }

        string[] options = [.. command.Skip(1).Where(word => word.Length > 1 && word[0] == '-' && !char.IsDigit(word[1])).Select(word => word.Split('=')[0])];
        return options.FirstOrDefault(option => !known.Contains(option) && !(inGroups && option[1] != '-' && option.Skip(1).All(letter => known.Contains($"-{letter}"))))
            is { } unknown ? $"{program} has no option {unknown}" : null;
    }

    // The command line of AWS checks a call by its service's model before it makes a connection.
    private static async Task<string?> OfAwsAsync(string[] command)
    {
        using var folder = new TemporaryFolder();
        foreach (string file in command.Select(word => FileArgument().Match(word)).Where(word => word.Success).Select(word => word.Groups["file"].Value))
        {
            folder.Write(file, "{}");
        }

        if (command is [_, "s3", "sync" or "cp", string from, ..] && !from.Contains("://", StringComparison.Ordinal))
        {
            folder.Write(command[2] == "sync" ? $"{from}/file" : from, "{}"); // which these two look for first
        }

        var variables = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = "example", ["AWS_SECRET_ACCESS_KEY"] = "example", ["AWS_DEFAULT_REGION"] = "eu-west-2",
            ["AWS_MAX_ATTEMPTS"] = "1", ["AWS_EC2_METADATA_DISABLED"] = "true", ["HOME"] = folder.Path,
        };
        Run run = await ForeignProgram.RunAsync("aws", [.. command[1..], "--endpoint-url", Nobody], folder.Path, variables: variables);
        return run.Errors.Contains($"Could not connect to the endpoint URL: \"{Nobody}", StringComparison.Ordinal) ? null : run.Text.Trim();
    }

    private static string? OfMake(string[] command) => command.Skip(1).FirstOrDefault(target =>
        !File.ReadLines(Repository.At("Makefile")).Any(line => line.StartsWith($"{target}:", StringComparison.Ordinal))) is { } unknown ? $"the Makefile has no {unknown}" : null;

    private static string? OfDotnet(string[] command) => command switch
    {
        [_, "tool", "install", ..] => null,
        [_, "build" or "run" or "test", ..] => command.TakeWhile(word => word != "--").FirstOrDefault(word => word.Contains('/', StringComparison.Ordinal)) is { } project ? OfProject(project) : null,
        _ => $"dotnet {string.Join(' ', command.Skip(1))} is unknown: add it to CommandJudge",
    };

    private static string? OfProject(string project) => Path.Exists(Repository.At(project)) ? null : $"there is no {project}";

    // A test program is named by the path that its build gives it.
    private static string? OfFile(string program) => program.Contains("/bin/", StringComparison.Ordinal)
        ? OfProject(program[..program.IndexOf("/bin/", StringComparison.Ordinal)])
        : OfProject(program);

    private static bool IsOurs(string program) => OurFile().IsMatch(program);

    [GeneratedRegex("^(?:\\./)?(?:eng|tests)/")]
    private static partial Regex OurFile();

    [GeneratedRegex(@"(?<![\w-])--?[A-Za-z][\w.-]*")]
    private static partial Regex Option();

    [GeneratedRegex("^fileb?://(?<file>.+)$")]
    private static partial Regex FileArgument();
}
