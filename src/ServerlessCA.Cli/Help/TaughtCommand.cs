using System.CommandLine;

namespace ServerlessCA.Cli.Help;

/// <summary>A command whose help teaches: what it does, its options in groups, examples.</summary>
internal sealed class TaughtCommand(string name, string summary) : Command(name, summary)
{
    private readonly List<OptionGroup> groups = [];

    /// <summary>What it does, in a sentence or two more than the summary.</summary>
    public required string Explanation { get; init; }

    /// <summary>Two or three.</summary>
    public required IReadOnlyList<Example> Examples { get; init; }

    /// <summary>In order.</summary>
    public IReadOnlyList<OptionGroup> Groups => groups;

    /// <summary>Adds options that belong together.</summary>
    public TaughtCommand Group(string title, params IReadOnlyList<Option> options)
    {
        groups.Add(new OptionGroup(title, options));
        foreach (Option option in options)
        {
            Add(option);
        }

        return this;
    }
}
