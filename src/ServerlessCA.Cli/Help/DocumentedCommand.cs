using System.CommandLine;

namespace ServerlessCA.Cli.Help;

/// <summary>A command with the texts of its help: what it does, its options in groups, examples.</summary>
internal sealed class DocumentedCommand(string name, string summary) : Command(name, summary)
{
    /// <summary>The default time that a command may take to stop: 2 seconds, as in System.CommandLine.</summary>
    public static readonly TimeSpan DefaultStopTimeout = TimeSpan.FromSeconds(2);

    private readonly List<OptionGroup> groups = [];

    /// <summary>What the command does, a few sentences more than the summary.</summary>
    public required string Explanation { get; init; }

    /// <summary>Two or three examples.</summary>
    public required IReadOnlyList<Example> Examples { get; init; }

    /// <summary>The values of <c>--output</c> that it takes besides text and JSON.</summary>
    public IReadOnlyList<string> MoreFormats { get; init; } = [];

    /// <summary>The time that the command may take to stop after Ctrl-C or SIGTERM.</summary>
    public TimeSpan StopTimeout { get; init; } = DefaultStopTimeout;

    /// <summary>The groups of options, in the order of the help.</summary>
    public IReadOnlyList<OptionGroup> Groups => groups;

    /// <summary>Adds options that belong together.</summary>
    public DocumentedCommand Group(string title, params IReadOnlyList<Option> options)
    {
        groups.Add(new OptionGroup(title, options));
        foreach (Option option in options)
        {
            Add(option);
        }

        return this;
    }
}

/// <summary>Holds options that stand under one heading of the help. Immutable.</summary>
/// <param name="Title">The heading, without a colon.</param>
/// <param name="Options">The options, in the order of the help.</param>
internal sealed record OptionGroup(string Title, IReadOnlyList<Option> Options);

/// <summary>Holds an example of the help. Immutable.</summary>
/// <param name="CommandLine">The command line as it would be typed, without the prompt.</param>
/// <param name="Meaning">What it does: one short sentence.</param>
internal sealed record Example(string CommandLine, string Meaning);
