using System.CommandLine;

namespace ServerlessCA.Cli.Completion;

/// <summary>How far a command line has come before the cursor. Immutable.</summary>
/// <param name="Command">The command so far.</param>
/// <param name="Arguments">How many arguments it has got.</param>
/// <param name="Waiting">The option whose value comes next; null: none.</param>
/// <param name="OptionsEnded">Whether <c>--</c> was there.</param>
/// <param name="Given">The options it has got.</param>
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

    /// <summary>The option of that name.</summary>
    public static Option? Find(RootCommand root, Command command, string name) =>
        OptionsOf(root, command).FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    /// <summary>Those of the command, then those of every command.</summary>
    public static IEnumerable<Option> OptionsOf(RootCommand root, Command command) =>
        (command == root ? [] : command.Options).Concat(root.Options.Where(option => command == root || option.Recursive)).Where(option => !option.Hidden);

    /// <summary>Whether a value comes behind the option.</summary>
    public static bool TakesValue(Option option) => option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;
}
