using System.CommandLine;

namespace ServerlessCA.Cli.Help;

/// <summary>A command whose help teaches: what it does, its options in groups, examples.</summary>
internal sealed class DocumentedCommand(string name, string summary) : Command(name, summary)
{
    /// <summary>How long a command may take to stop when nothing else is said: 2 seconds, System.CommandLine's own.</summary>
    public static readonly TimeSpan DefaultStopTimeout = TimeSpan.FromSeconds(2);

    private readonly List<OptionGroup> groups = [];

    /// <summary>What it does, in a sentence or two more than the summary.</summary>
    public required string Explanation { get; init; }

    /// <summary>Two or three.</summary>
    public required IReadOnlyList<Example> Examples { get; init; }

    /// <summary>What <c>--output</c> may be besides text and JSON.</summary>
    public IReadOnlyList<string> MoreFormats { get; init; } = [];

    /// <summary>How long it may take to stop after Ctrl-C or SIGTERM.</summary>
    public TimeSpan StopTimeout { get; init; } = DefaultStopTimeout;

    /// <summary>In order.</summary>
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

/// <summary>Options that belong together, under one heading of the help. Immutable.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Options">In order.</param>
internal sealed record OptionGroup(string Title, IReadOnlyList<Option> Options);

/// <summary>An example in the help. Immutable.</summary>
/// <param name="CommandLine">As it would be typed, without the prompt.</param>
/// <param name="Meaning">What it does: one short sentence.</param>
internal sealed record Example(string CommandLine, string Meaning);
