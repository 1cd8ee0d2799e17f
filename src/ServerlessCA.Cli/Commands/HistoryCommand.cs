using System.CommandLine;
using System.Globalization;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>history</c>, which shows what happened to a certificate, or in the whole CA.</summary>
internal sealed class HistoryCommand
{
    private const int DefaultLimit = 100; // our decision: a few screens
    private const int MaxLimit = 10_000; // our decision: some megabytes

    private readonly Surroundings here;
    private readonly GlobalOptions globals;

    private readonly Argument<string?> which = new("NAME|SERIAL")
    {
        Description = "A common name, or a serial number: decimal, 0x…, or hex with colons (default: the whole CA)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> since = new("--since")
    {
        HelpName = "DATE|DURATION",
        Description = "Only what happened since then, such as 2030-01-31 or 12h (default: all of a name, and 30d of the whole CA)",
    };

    private readonly Option<int> limit = new("--limit")
    {
        HelpName = "COUNT",
        Description = $"At most so many, the newest (default {DefaultLimit})",
        DefaultValueFactory = _ => DefaultLimit,
    };

    private HistoryCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var history = new HistoryCommand(here, globals);
        var command = new DocumentedCommand("history", "Show what happened to a certificate, and who did it")
        {
            Explanation = "Shows what was issued, refused, reminded of and revoked, and the CRLs that were published: the newest first, with who did it as far as "
                + "that is known. It is remembered for 400 days, a refusal for 30. What is older, or from the original system, is read from the certificate's row. "
                + "On AWS 'request ID' is the invocation of the function, which CloudTrail knows with its caller. Times are UTC.",
            Examples =
            [
                new("serverless-ca history client.example.com", "Shows what happened under a name."),
                new("serverless-ca history 3F:A2:07", "Shows what happened to one certificate."),
                new("serverless-ca history --since 7d", "Shows the last week of the whole CA."),
            ],
        };
        command.Add(history.which);
        command.Group("Filters", history.since, history.limit);
        var access = new AccessOptions(here, globals);
        access.AddTo(command);
        var records = new InventoryAccess(here, globals, access) { WithIndex = true };
        command.SetAction((parsed, cancellation) => records.UseAsync(parsed, ca => history.RunAsync(ca, parsed, cancellation), cancellation));
        return command;
    }

    private async Task<int> RunAsync(ICaRecords ca, ParseResult parsed, CancellationToken cancellation)
    {
        DateTimeOffset? from = Since(parsed);
        int most = parsed.GetValue(limit) is >= 1 and <= MaxLimit and var count ? count
            : throw CommandFault.Usage($"--limit is not a number from 1 to {MaxLimit}", $"leave it out for {DefaultLimit}");
        string? text = parsed.GetValue(which);
        FoundHistory found = await ca.HistoryAsync(text, from, most, cancellation);
        if (found.Entries.Count == 0 && text is not null && from is null)
        {
            throw CommandFault.Fault($"nothing is known of '{text}'", found.Gap ?? "'serverless-ca list' shows all certificates; case counts");
        }

        Write(found, globals.IsJson(parsed));
        return ExitCode.Done;
    }

    private void Write(FoundHistory found, bool json)
    {
        if (found.Gap is { } gap)
        {
            here.Terminal.Warning($"only what the rows say is shown: {gap}");
        }

        if (json)
        {
            here.Terminal.Write(JsonText.Object(writer => HistoryDocument.Write(writer, found)));
            return;
        }

        if (found.Entries.Count == 0)
        {
            here.Terminal.Notice("nothing happened in this time");
            return;
        }

        here.Terminal.WriteTable(HistoryReport.Table(found.Entries));
        if (found.HasMore)
        {
            here.Terminal.Hint("there is more, and older: give a larger --limit");
        }
    }

    private DateTimeOffset? Since(ParseResult parsed)
    {
        if (parsed.GetValue(since) is not { } text)
        {
            return null;
        }

        return Duration.TryParse(text, out TimeSpan ago) ? here.Clock.GetUtcNow() - ago
            : DateTimeOffset.TryParseExact(
                text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset day) ? day
            : throw CommandFault.Usage($"--since '{text}' is neither a date nor a duration", $"write it as 2030-01-31, or as a number and s, m, h or d, such as 30d; at most {Duration.Longest.TotalDays:0}d");
    }
}
