using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Texts;
using Spectre.Console;

namespace ServerlessCA.Cli;

/// <summary>Writes to the console, which nothing else does. Results go to standard output; progress, notices and errors to
/// standard error. Nothing is coloured or moving unless a person looks at it, and <c>NO_COLOR</c> (no-color.org) is
/// obeyed.</summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="traits">What the two streams can show.</param>
public sealed class Terminal(TextWriter output, TextWriter error, TerminalTraits traits)
{
    private const int NoLimit = 1 << 16; // columns: lines are never broken or cut, the terminal wraps them

    private const int MaxPiece = 4096; // characters; our decision: longer than any usual line

    private StreamReader? lines;

    /// <summary>The width in columns, for help texts.</summary>
    public int Width => traits.Width;

    /// <summary>The columns that lines of results should fit in; null where no terminal shows them.</summary>
    internal int? SeenWidth => traits.OutputSeen ? traits.Width : null;

    /// <summary>Opens standard input, which is empty unless this is set.</summary>
    public Func<Stream> Input { get; init; } = () => Stream.Null;

    /// <summary>Whether standard input is a terminal, which shows what a person types.</summary>
    public bool InputIsSeen { get; init; }

    /// <summary>The writer of a server's log, which is standard error.</summary>
    internal TextWriter LogLines => error;

    /// <summary>Returns the terminal of this process.</summary>
    /// <param name="variables">Reads environment variables.</param>
    public static Terminal OfProcess(Func<string, string?> variables)
    {
        bool wanted = string.IsNullOrEmpty(variables("NO_COLOR")) && variables("TERM") != "dumb";
        bool outputSeen = !Console.IsOutputRedirected;
        bool errorSeen = !Console.IsErrorRedirected;
        int width = outputSeen && Console.WindowWidth > 0 ? Console.WindowWidth : TerminalTraits.Plain.Width;
        var traits = new TerminalTraits(wanted && outputSeen, wanted && errorSeen, wanted && errorSeen, width) { OutputSeen = outputSeen };
        return new Terminal(Console.Out, new TolerantWriter(StandardError()), traits)
        {
            Input = Console.OpenStandardInput,
            InputIsSeen = !Console.IsInputRedirected,
        };
    }

    // Console.Error hands a long line to the system in pieces of 256 characters: serve writes two such lines for each request.
    private static TextWriter StandardError() => TextWriter.Synchronized(
        new StreamWriter(Console.OpenStandardError(), Console.Error.Encoding, MaxPiece) { AutoFlush = true });

    /// <summary>Writes a result as it is, unescaped.</summary>
    /// <exception cref="CommandFault">It cannot be written.</exception>
    public void Write(string result)
    {
        try
        {
            output.Write(result);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CommandFault.Fault($"standard output cannot be written to: {fault.Message}", "check where it leads; what the command changed stays changed", fault);
        }
    }

    /// <summary>Writes a line of a result.</summary>
    internal void WriteLine(string line = "") => Write(Printable.Line(line) + "\n");

    /// <summary>Asks a person: writes the question beside the result, and reads a line.</summary>
    /// <returns>The line; null when the input has ended.</returns>
    internal string? Ask(string question)
    {
        error.Write(Printable.Line(question));
        error.Flush();
        lines ??= new StreamReader(Input());
        return lines.ReadLine();
    }

    /// <summary>Writes a table as a result.</summary>
    internal void WriteTable(TextTable table) => Write(Render(table));

    /// <summary>Whether errors, hints and everything else beside the result is written as JSON, an object a line
    /// (docs/json.md).</summary>
    internal bool WritesJson { get; set; }

    /// <summary>Writes a line beside the result.</summary>
    internal void Notice(string text) => Report("notice", text, null, $"{Printable.Line(text)}\n");

    /// <summary>Writes why nothing happens, if a person looks.</summary>
    internal void Waiting(string text)
    {
        if (traits.Progress)
        {
            Notice(text);
        }
    }

    /// <summary>Writes what was wrong, and what to do.</summary>
    internal void Error(string message, string? hint)
    {
        string shown = $"{Coloured("error:", Tone.Bad)} {Printable.Line(message)}\n";
        Report("error", message, hint, hint is null ? shown : shown + HintLine(hint));
    }

    /// <summary>Writes what to do next.</summary>
    internal void Hint(string hint) => Report("hint", hint, null, HintLine(hint));

    /// <summary>Writes about something left out or odd that stops nothing.</summary>
    internal void Warning(string text) => Report("warning", text, null, $"{Coloured("warning:", Tone.Warning)} {Printable.Line(text)}\n");

    /// <summary>Writes where in the program a fault arose.</summary>
    internal void Details(Exception fault) => Report("details", fault.ToString(), null, $"{fault}\n");

    /// <summary>Runs long work with a progress line. Where no line can move, as in the log of a CI job, it writes a line
    /// every few seconds.</summary>
    /// <param name="clock">Decides when the next line is due.</param>
    /// <param name="work">The work, which shows its progress on the line it is given.</param>
    internal async Task<T> WithProgressAsync<T>(TimeProvider clock, Func<IProgressLine, Task<T>> work)
    {
        if (!traits.Progress)
        {
            return await work(new PeriodicLine(clock, Notice));
        }

        ProgressColumn[] columns = [new SpinnerColumn(), new ProgressBarColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }];
        return await ConsoleOn(error, traits.ErrorColours, traits.Width, interactive: true)
            .Progress().AutoClear(true).Columns(columns)
            .StartAsync(context => work(new Line(context.AddTask("starting", maxValue: 1))));
    }

    private string HintLine(string hint) => $"{Coloured("hint:", Tone.Warning)} {Printable.Line(hint)}\n";

    private void Report(string level, string message, string? hint, string shown) => error.Write(WritesJson ? JsonText.Line(writer =>
    {
        writer.WriteString("Level", level);
        writer.WriteString("Message", message);
        if (hint is not null)
        {
            writer.WriteString("Hint", hint);
        }
    }) : shown);

    private string Coloured(string word, Tone tone)
    {
        using var text = new StringWriter();
        ConsoleOn(text, traits.ErrorColours, NoLimit).Write(new Text(word, StyleOf(tone)));
        return text.ToString();
    }

    private string Render(TextTable table)
    {
        if (LargeTable.Is(table))
        {
            return LargeTable.Render(table, TextTable.Gap);
        }

        Table shown = new Table().Border(TableBorder.None);
        shown.ShowHeaders = table.Headings.Count > 0;
        for (int i = 0; i < table.Columns; i++)
        {
            string heading = table.Headings.Count > 0 ? table.Headings[i].ToUpperInvariant() : "";
            shown.AddColumn(new TableColumn(new Text(heading, StyleOf(Tone.Faint)))
            {
                Padding = new Padding(i == 0 ? table.Indent : 0, 0, TextTable.Gap, 0),
                NoWrap = true,
            });
        }

        foreach (IReadOnlyList<Cell> row in table.Rows)
        {
            shown.AddRow(row.Select(cell => new Text(Printable.Line(cell.Text), StyleOf(cell.Tone))));
        }

        using var text = new StringWriter();
        ConsoleOn(text, traits.OutputColours, NoLimit).Write(shown);
        return string.Concat(text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd() + "\n"));
    }

    private static IAnsiConsole ConsoleOn(TextWriter writer, bool colours, int width, bool interactive = false)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = interactive ? InteractionSupport.Yes : InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false }, // we decide, not the CI that runs us
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        return console;
    }

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Warning => new Style(Color.Yellow),
        Tone.Bad => new Style(Color.Red),
        Tone.Faint => new Style(decoration: Decoration.Dim),
        _ => Style.Plain,
    };

    private sealed class Line(ProgressTask task) : IProgressLine
    {
        public void Show(string what, int done, int total)
        {
            string count = total > 0 ? $"{done} of {total}  " : "";
            task.Description = Markup.Escape(count + Printable.Line(what));
            task.MaxValue = Math.Max(total, 1);
            task.Value = done;
        }
    }
}
