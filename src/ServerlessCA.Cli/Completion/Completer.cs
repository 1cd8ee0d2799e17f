using System.CommandLine;
using System.CommandLine.Completions;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Completion;

/// <summary>Finds what may stand at the cursor from the tree of commands: names, options, values out of a fixed choice;
/// for files and folders it tells the shell to look. No CA is asked and no file is read: it is quick everywhere.</summary>
internal sealed class Completer(RootCommand root)
{
    /// <summary>What a shell's script puts before the words.</summary>
    public const string Directive = "[suggest]";

    /// <summary>Finds it.</summary>
    /// <param name="words">What was typed, without the program's name, as far as the cursor; the last one, perhaps empty, is
    /// being completed. Quotes around words do not count.</param>
    public Suggestions Complete(IReadOnlyList<string> words)
    {
        string[] plain = [.. words.Select(word => word.Trim('"', '\''))];
        string current = plain.LastOrDefault("");
        CommandWords before = CommandWords.Read(root, plain.SkipLast(1));
        if (before.Waiting is { } option)
        {
            return ValuesOf(option, before: "", current);
        }

        bool isOption = current.StartsWith('-') && !before.OptionsEnded;
        return !isOption ? WordsOf(before, current)
            : current.IndexOf('=', StringComparison.Ordinal) is int at and >= 0 ? ValueBehind(before.Command, current[..at], current[(at + 1)..])
            : new Suggestions(OptionsOf(before, current));
    }

    private Suggestions WordsOf(CommandWords before, string current)
    {
        if (before.Command == root)
        {
            return new Suggestions(Matching(current, root.Subcommands.Select(command => new Offer(command.Name, command.Description ?? ""))));
        }

        Argument? argument = before.Command.Arguments.ElementAtOrDefault(before.Arguments) ?? before.Command.Arguments.LastOrDefault(IsEndless);
        if (argument is null)
        {
            return new Suggestions(before.OptionsEnded ? [] : OptionsOf(before, current));
        }

        return PathsAt(argument.Name) is var kind and not PathKind.None
            ? new Suggestions([], kind)
            : new Suggestions(Matching(current, argument.GetCompletions(CompletionContext.Empty).Select(item => new Offer(item.Label, item.Detail ?? ""))));
    }

    private Suggestions ValueBehind(Command command, string name, string value) =>
        CommandWords.Find(root, command, name) is { } option && CommandWords.TakesValue(option) ? ValuesOf(option, $"{name}=", value) : Suggestions.None;

    private static Suggestions ValuesOf(Option option, string before, string value)
    {
        PathKind kind = PathsAt(option.HelpName ?? "");
        if (value.StartsWith(Location.LocalPrefix, StringComparison.Ordinal) && option.HelpName == GlobalOptions.LocationName)
        {
            (kind, before) = (PathKind.Folders, before + Location.LocalPrefix);
        }

        return kind != PathKind.None
            ? new Suggestions([], kind, before)
            : new Suggestions(Matching(before + value, option.GetCompletions(CompletionContext.Empty).Select(item => new Offer(before + item.Label, item.Detail ?? ""))));
    }

    private List<Offer> OptionsOf(CommandWords before, string current) => Matching(current, CommandWords.OptionsOf(root, before.Command)
        .Where(option => !before.Given.Contains(option) || option.Arity.MaximumNumberOfValues > 1)
        .Select(option => new Offer(option.Name, option.Description ?? "")));

    private static List<Offer> Matching(string current, IEnumerable<Offer> offers) =>
        [.. offers.Where(offer => offer.Word.StartsWith(current, StringComparison.Ordinal))];

    private static bool IsEndless(Argument argument) => argument.Arity.MaximumNumberOfValues > 1;

    // The names of values in the help tell what they are.
    private static PathKind PathsAt(string name) => name switch
    {
        "FOLDER" => PathKind.Folders,
        "FILE" or "FILE|CA" or "FILE|-" or "JSON" or "-- COMMAND" => PathKind.Files,
        _ => PathKind.None,
    };
}
