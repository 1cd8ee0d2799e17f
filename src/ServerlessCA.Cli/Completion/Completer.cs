using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Completion;

/// <summary>Finds the words that may stand at the cursor from the tree of commands: names, options, values out of a fixed
/// choice. Files and folders are left to the shell. No CA is called and no file is read, so that it is quick
/// everywhere.</summary>
internal sealed class Completer(RootCommand root)
{
    /// <summary>The argument that a shell's script puts before the words.</summary>
    public const string Directive = "[suggest]";

    /// <summary>Finds the suggestions for a command line.</summary>
    /// <param name="words">The words before the cursor, without the program's name; the last one, perhaps empty, is being
    /// completed. Quotes around words are ignored.</param>
    public Suggestions Complete(IReadOnlyList<string> words)
    {
        string[] plain = [.. words.Select(word => word.Trim('"', '\''))];
        string current = plain.LastOrDefault("");
        CommandWords before = CommandWords.Read(root, plain.SkipLast(1));
        if (before.Waiting is { } option)
        {
            return ValuesOf(before.Command, option, before: "", current);
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
        CommandWords.Find(root, command, name) is { } option && CommandWords.TakesValue(option) ? ValuesOf(command, option, $"{name}=", value) : Suggestions.None;

    private static Suggestions ValuesOf(Command command, Option option, string before, string value)
    {
        PathKind kind = PathsAt(option.HelpName ?? "");
        if (value.StartsWith(Location.LocalPrefix, StringComparison.Ordinal) && option.HelpName == GlobalOptions.LocationName)
        {
            (kind, before) = (PathKind.Folders, before + Location.LocalPrefix);
        }

        return kind != PathKind.None
            ? new Suggestions([], kind, before)
            : new Suggestions(Matching(before + value, option.GetCompletions(CompletionContext.Empty).Select(item => new Offer(before + item.Label, item.Detail ?? ""))
                .Concat(option.Name == GlobalOptions.OutputName && command is DocumentedCommand { MoreFormats: var more } ? more.Select(format => new Offer(before + format, "")) : [])));
    }

    private List<Offer> OptionsOf(CommandWords before, string current) => Matching(current, CommandWords.OptionsOf(root, before.Command)
        .Where(option => !before.Given.Contains(option) || option.Arity.MaximumNumberOfValues > 1)
        .Select(option => new Offer(option.Name, option.Description ?? "")));

    private static List<Offer> Matching(string current, IEnumerable<Offer> offers) =>
        [.. offers.Where(offer => offer.Word.StartsWith(current, StringComparison.Ordinal))];

    private static bool IsEndless(Argument argument) => argument.Arity.MaximumNumberOfValues > 1;

    // The names of values in the help show which of them are files or folders.
    private static PathKind PathsAt(string name) => name switch
    {
        "FOLDER" => PathKind.Folders,
        "FILE" or "FILE|CA" or "FILE|-" or "JSON" or "-- COMMAND" => PathKind.Files,
        _ => PathKind.None,
    };
}

/// <summary>Says how far a command line has come before the cursor. Immutable.</summary>
/// <param name="Command">The command; the root command before one is named.</param>
/// <param name="Arguments">The number of arguments that have been given.</param>
/// <param name="Waiting">The option whose value comes next; null when none does.</param>
/// <param name="OptionsEnded">Whether <c>--</c> has been given.</param>
/// <param name="Given">The options that have been given.</param>
internal sealed record CommandWords(Command Command, int Arguments, Option? Waiting, bool OptionsEnded, IReadOnlySet<Option> Given)
{
    /// <summary>Reads the words before the one at the cursor, without the program's name.</summary>
    public static CommandWords Read(RootCommand root, IEnumerable<string> words)
    {
        Command command = root;
        int arguments = 0;
        Option? waiting = null;
        bool optionsEnded = false;
        var given = new HashSet<Option>();
        foreach (string word in words)
        {
            if (waiting is not null)
            {
                waiting = null;
            }
            else if (optionsEnded)
            {
                arguments++;
            }
            else if (word == "--")
            {
                optionsEnded = true;
            }
            else if (word.Length > 1 && word[0] == '-')
            {
                Option? option = Find(root, command, word.Split('=')[0]);
                waiting = option is not null && TakesValue(option) && !word.Contains('=', StringComparison.Ordinal) ? option : null;
                _ = option is not null && given.Add(option);
            }
            else if (command == root && root.Subcommands.SingleOrDefault(known => known.Name == word) is { } named)
            {
                command = named;
            }
            else
            {
                arguments++;
            }
        }

        return new CommandWords(command, arguments, waiting, optionsEnded, given);
    }

    /// <summary>Finds an option by its name or alias; null when there is none.</summary>
    public static Option? Find(RootCommand root, Command command, string name) =>
        OptionsOf(root, command).FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    /// <summary>Returns the options of the command, then those of every command.</summary>
    public static IEnumerable<Option> OptionsOf(RootCommand root, Command command) =>
        (command == root ? [] : command.Options).Concat(root.Options.Where(option => command == root || option.Recursive)).Where(option => !option.Hidden);

    /// <summary>Says whether a value follows the option.</summary>
    public static bool TakesValue(Option option) => option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;
}

/// <summary>The suggestions, which are words and kinds of paths, for the word at the cursor. Immutable.</summary>
/// <param name="Offers">The words that may stand there, in the order of the help.</param>
/// <param name="Paths">What the shell itself completes.</param>
/// <param name="Before">What precedes the path in the same word, such as <c>--out=</c>.</param>
internal sealed record Suggestions(IReadOnlyList<Offer> Offers, PathKind Paths = PathKind.None, string Before = "")
{
    /// <summary>No suggestions.</summary>
    public static readonly Suggestions None = new([]);

    /// <summary>Writes them as the shells' scripts read them: a line for each word, with its meaning behind a tab. A line
    /// that begins with a colon says what the shell itself completes, and behind a tab what precedes it.</summary>
    public string ToLines()
    {
        var lines = new StringBuilder();
        foreach (Offer offer in Offers)
        {
            lines.Append(offer.Word).Append('\t').Append(offer.Meaning).Append('\n');
        }

        return Paths == PathKind.None ? lines.ToString()
            : lines.Append(Paths == PathKind.Files ? ":files" : ":folders").Append('\t').Append(Before).Append('\n').ToString();
    }
}

/// <summary>A word that is suggested. Immutable.</summary>
/// <param name="Word">The whole word, with what was typed already.</param>
/// <param name="Meaning">Its meaning in one line, for shells that show it; empty when there is none.</param>
internal sealed record Offer(string Word, string Meaning = "");

/// <summary>Says what the shell itself has to complete.</summary>
internal enum PathKind
{
    /// <summary>The shell completes nothing.</summary>
    None,

    /// <summary>The shell completes files and folders.</summary>
    Files,

    /// <summary>The shell completes folders.</summary>
    Folders,
}
