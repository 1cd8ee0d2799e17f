using System.CommandLine;

namespace ServerlessCA.Cli.Help;

/// <summary>Options that belong together, under one heading of the help. Immutable.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Options">In order.</param>
internal sealed record OptionGroup(string Title, IReadOnlyList<Option> Options);
