using System.CommandLine;
using ServerlessCA.Cli.Help;

namespace ServerlessCA.Cli.Options;

/// <summary>Holds and reads the options of every command.</summary>
internal sealed class GlobalOptions(Surroundings here)
{
    /// <summary>The name of the value of <c>--ca</c> in the help.</summary>
    public const string LocationName = "LOCATION";

    /// <summary>The option that names the CA.</summary>
    public Option<string?> Ca { get; } = new("--ca")
    {
        HelpName = LocationName,
        Description = $"The CA to work with: local:FOLDER, {AwsLocation.Prefix}PROJECT/ENV or http(s)://HOST:PORT (default: variable {Location.Variable}, else {Location.Default})",
        Recursive = true,
        CompletionSources = { Location.Beginnings },
    };

    /// <summary>The name of the option for the form of results.</summary>
    public const string OutputName = "--output";

    /// <summary>The option for text or JSON.</summary>
    public Option<string> Output { get; } = Choice.Of(
        OutputName, "text|json", "Results for people or for programs (default text)", OutputFormats.All, OutputFormats.Text, OutputFormats.OfSome.Contains);

    /// <summary>The option that shows every step.</summary>
    public Option<bool> Verbose { get; } = new("--verbose", "-v")
    {
        Description = "Show every step, and where in the program a fault arose",
        Recursive = true,
    };

    /// <summary>All of them, for the help.</summary>
    public OptionGroup Group => new("Options of every command", [Ca, Output, Verbose]);

    /// <summary>Adds them to the root command.</summary>
    public void AddTo(RootCommand root)
    {
        Output.Recursive = true;
        root.Add(Ca);
        root.Add(Output);
        root.Add(Verbose);
    }

    /// <summary>Returns the location of the CA as it was written.</summary>
    public string TextOf(ParseResult parsed) => Given(parsed).Text;

    /// <summary>Checks that a command writes what <c>--output</c> says.</summary>
    /// <exception cref="CommandFault">It does not.</exception>
    public void ExpectFormat(ParseResult parsed)
    {
        string format = parsed.GetRequiredValue(Output);
        if (!OutputFormats.All.Contains(format) && (parsed.CommandResult.Command as DocumentedCommand)?.MoreFormats.Contains(format) != true)
        {
            throw CommandFault.Usage($"{Output.Name} '{format}' is not for this command", $"choose from {string.Join(", ", OutputFormats.All.Concat((parsed.CommandResult.Command as DocumentedCommand)?.MoreFormats ?? []))}");
        }
    }

    /// <summary>Returns the location of the CA.</summary>
    /// <exception cref="CommandFault">The location is not valid.</exception>
    public Location LocationOf(ParseResult parsed)
    {
        (string text, string source) = Given(parsed);
        return Location.Parse(text, source);
    }

    /// <summary>Returns the location of the CA for commands that cannot work with a CA behind HTTP.</summary>
    /// <exception cref="CommandFault">The location is not valid, or that of a CA behind HTTP.</exception>
    public Location OwnLocationOf(ParseResult parsed)
    {
        (string text, string source) = Given(parsed);
        return Location.Parse(text, source) switch
        {
            Location.Served => throw CommandFault.Usage(
                $"{source} '{text}': a CA behind HTTP does not do that", $"name the CA itself: --ca local:FOLDER, or --ca {AwsLocation.Prefix}PROJECT/ENV"),
            { } own => own,
        };
    }

    /// <summary>Returns the data folder of the CA for commands that work with local CAs only.</summary>
    /// <exception cref="CommandFault">The location is not valid, or not that of a local CA.</exception>
    public string FolderOf(ParseResult parsed)
    {
        (string text, string source) = Given(parsed);
        return Location.FolderOf(text, source);
    }

    /// <summary>Says whether <c>--ca</c> or the variable names a CA.</summary>
    public bool IsCaGiven(ParseResult parsed) => parsed.GetValue(Ca) is not null || here.Variable(Location.Variable) is not null;

    /// <summary>Says whether results are written as JSON.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(Output) == OutputFormats.Json;

    private (string Text, string Source) Given(ParseResult parsed) =>
        parsed.GetValue(Ca) is { } given ? (Location.Expand(given, here), "--ca")
        : here.Variable(Location.Variable) is { } set ? (Location.Expand(set, here), Location.Variable)
        : (Location.Default, "--ca");
}

/// <summary>The values that <c>--output</c> takes.</summary>
internal static class OutputFormats
{
    /// <summary>The value for text that people read.</summary>
    public const string Text = "text";

    /// <summary>The value for JSON that programs read.</summary>
    public const string Json = "json";

    /// <summary>The value for Markdown, for comments on pull requests.</summary>
    public const string Markdown = "markdown";

    /// <summary>The value for CSV, for spreadsheets.</summary>
    public const string Csv = "csv";

    /// <summary>The values that every command takes.</summary>
    public static readonly string[] All = [Text, Json];

    /// <summary>The values that some commands take besides: <see cref="DocumentedCommand.MoreFormats"/>.</summary>
    public static readonly string[] OfSome = [Markdown, Csv];
}
