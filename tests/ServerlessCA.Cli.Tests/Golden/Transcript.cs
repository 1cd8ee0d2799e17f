using System.Text;
using System.Text.RegularExpressions;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Golden;

/// <summary>Records a session as text: each command behind <c>$ </c>, what it wrote to standard output, then to standard
/// error behind <c>! </c>, and its exit code unless it is 0. Texts that differ from run to run are replaced by names. A
/// command with <c>&amp;</c> behind it goes on until the end of the session, and <c>curl</c> may then call <c>$URL</c>. A
/// few shell commands stand for what a person does; where a person has to paste something, words stand for it.</summary>
public sealed partial class Transcript(Session session)
{
    private const string Prompt = "$ serverless-ca";
    private const string Curling = "$ curl";
    private const string Background = " &";

    // The shell commands that people use in between.
    private static readonly string[] ShellCommands = ["$ cp ", "$ cat ", "$ echo "];

    private readonly List<(string Name, string Value)> places =
    [
        ("$EXAMPLE", Repository.At("examples", "gitops", "dev")),
        ("$TMP", session.Folder.Path),
    ];

    /// <summary>Runs the commands of a transcript again.</summary>
    public async Task<string> RepeatAsync(string recorded)
    {
        var text = new StringBuilder();
        await using var running = new Running();
        foreach (string line in recorded.Split('\n').Where(IsCommand))
        {
            Result result = await RunAsync(line, running);
            text.Append(line).Append('\n').Append(Normal(result.Output));
            text.Append(string.Concat(Normal(result.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(error => $"! {error}\n")));
            text.Append(result.ExitCode == 0 ? "" : $"exit code {result.ExitCode}\n").Append('\n');
        }

        return text.ToString();
    }

    private async Task<Result> RunAsync(string line, Running running)
    {
        if (line.StartsWith(Curling, StringComparison.Ordinal))
        {
            return await Curl.RunAsync(Arguments(line[Curling.Length..]));
        }

        if (IsShell(line))
        {
            string script = places.Concat(session.Pasted()).Aggregate(line[2..], (text, place) => text.Replace(place.Name, place.Value, StringComparison.Ordinal));
            (int exitCode, string output) = ForeignProgram.Run("/bin/sh", "-c", script);
            return new Result(exitCode, output, "");
        }

        if (!line.EndsWith(Background, StringComparison.Ordinal))
        {
            return await session.RunRawAsync([.. Arguments(line[Prompt.Length..])]);
        }

        running.Command = await BackgroundCommand.StartAsync(session, [.. Arguments(line[Prompt.Length..^Background.Length])]);
        places.Add(("$URL", running.Command.Url));
        return new Result(ExitCode.Done, running.Command.Text, "");
    }

    private static bool IsCommand(string line) =>
        line.StartsWith(Prompt, StringComparison.Ordinal) || line.StartsWith(Curling, StringComparison.Ordinal) || IsShell(line);

    private static bool IsShell(string line) => ShellCommands.Any(command => line.StartsWith(command, StringComparison.Ordinal));

    private IEnumerable<string> Arguments(string line) => Word().Matches(line)
        .Select(word => places.Aggregate(word.Value.Trim('"'), (text, place) => text.Replace(place.Name, place.Value, StringComparison.Ordinal)));

    private string Normal(string output)
    {
        string text = places.Aggregate(output, (text, place) => text.Replace(place.Value, place.Name, StringComparison.Ordinal));
        text = PemBody().Replace(text, "$1 (base64) $2");
        text = Base64().Replace(text, "(base64)");
        text = Execution().Replace(text, "serverless-ca-(time)-(random)");
        text = Octets().Replace(text, "(hex)");
        text = KeyId().Replace(text, "(hex)");
        text = SerialCell().Replace(text, "(serial number)  "); // it has 46 to 49 digits, and its column is as wide as the longest
        text = SerialHeading().Replace(text, "SERIAL NUMBER    ");
        text = NoSerialCell().Replace(text, new string(' ', "(serial number)  ".Length));
        text = UnderMessage().Replace(text, new string(' ', "(serial number)  ".Length));
        return Serial().Replace(text, "(serial number)");
    }

    private sealed class Running : IAsyncDisposable
    {
        public BackgroundCommand? Command { get; set; }

        public ValueTask DisposeAsync() => Command?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    [GeneratedRegex("""(?<=\s)("[^"]*"|\S+)""")]
    private static partial Regex Word();

    [GeneratedRegex(@"(-----BEGIN [A-Z ]+-----)(?:\n|\\n)[A-Za-z0-9+/=\\n\s]+?(-----END)")]
    private static partial Regex PemBody();

    [GeneratedRegex("LS0tLS1[A-Za-z0-9+/=]+|MII[A-Za-z0-9+/=]{200,}")]
    private static partial Regex Base64();

    [GeneratedRegex(@"serverless-ca-\d{8}T\d{6}Z-[0-9a-f]{8}")]
    private static partial Regex Execution();

    [GeneratedRegex(@"\b[0-9A-F]{2}(:[0-9A-F]{2}){18,31}\b")]
    private static partial Regex Octets();

    [GeneratedRegex(@"\b[0-9a-f]{40}\b")]
    private static partial Regex KeyId();

    [GeneratedRegex(@"\b\d{45,49}\b")]
    private static partial Regex Serial();

    [GeneratedRegex(@"\b\d{45,49} {2,}")]
    private static partial Regex SerialCell();

    [GeneratedRegex("SERIAL NUMBER {10,}")]
    private static partial Regex SerialHeading();

    // A row that goes on with the last column: as far in as the serial numbers above it are long.
    [GeneratedRegex(@"^ {60,}(?=\S)", RegexOptions.Multiline)]
    private static partial Regex UnderMessage();

    [GeneratedRegex(@"(?<=\S  ) {40,}(?=\S)")]
    private static partial Regex NoSerialCell();
}
