using System.CommandLine;
using System.Globalization;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>crl</c>, by which an operator decides about a CRL that is lost or dated ahead of the clock
/// (contract 12.21, 12.22).</summary>
internal sealed class CrlCommand
{
    private const string Restore = "restore";
    private const string Accept = "accept";
    private const string SetAside = "set-aside";

    private static readonly string[] Actions = [Restore, Accept, SetAside];

    private readonly Surroundings here;
    private readonly GlobalOptions globals;

    private readonly Argument<string> action = new("ACTION") { Description = $"One of {string.Join(", ", Actions)}" };

    private readonly Argument<string?> subject = new("FILE|CA")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "For restore: the old CRL, DER or PEM, or - for standard input. Else: the name of the CA (default: both)",
    };

    private CrlCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
        action.CompletionSources.Add(Actions);
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var crl = new CrlCommand(here, globals);
        var command = new DocumentedCommand("crl", "Mend a CRL that was lost, or that a wrong clock has dated ahead")
        {
            Explanation = "A CRL keeps what the one before it had. If that one and its copy in the internal store are both gone, every run fails until "
                + "'crl restore FILE' has its entries and number taken over from an old CRL, or 'crl accept' does without them. "
                + "A published CRL that is dated ahead of the clock stays, and every run fails: set the clock right, or if it is right, "
                + "'crl set-aside' keeps that file in the internal store and has its entries and number taken over. "
                + "A local CA publishes the next CRL at once, one on AWS with its next run.",
            Examples =
            [
                new("serverless-ca crl restore serverless-issuing-ca-dev.crl", "Takes over what an old CRL, such as one of a backup, has."),
                new("serverless-ca crl accept --ca aws://serverless/dev", "Does without what was lost."),
                new("serverless-ca crl set-aside serverless-issuing-ca-dev", "Replaces a CRL that is dated ahead of the clock."),
            ],
        };
        command.Add(crl.action);
        command.Add(crl.subject);
        command.SetAction(crl.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string requested = parsed.GetRequiredValue(action);
        if (!Actions.Contains(requested, StringComparer.Ordinal))
        {
            string hint = Suggestion.Nearest(requested, Actions) is { } meant ? $"did you mean '{meant}'?" : $"choose from {string.Join(", ", Actions)}";
            throw CommandFault.Usage($"action '{requested}' is unknown", hint);
        }

        byte[]? old = requested == Restore
            ? await AnyInput.ReadAsync(
                parsed.GetValue(subject) ?? throw CommandFault.Usage("nothing says which old CRL to take over", "name its file: serverless-ca crl restore FILE"),
                Restore, CertificateRevocationList.MaxOctets, here, cancellation)
            : null;
        if (globals.OwnLocationOf(parsed) is Location.Aws aws)
        {
            return await CloudCa.UseAsync(
                aws, here, async ca => await MendAsync(parsed, await new CloudDeployment(ca, here.Clock).ReadAsync(cancellation), old, aws, cancellation), cancellation);
        }

        using LocalAuthority local = await LocalAuthority.OpenAsync(globals.FolderOf(parsed), here.Clock, cancellation);
        int exitCode = await MendAsync(parsed, local.Deployment(), old, null, cancellation);
        DeliveryReport sent = await local.SendEventsAsync(cancellation);
        DeliveryWarnings.Write(here.Terminal, sent); // last: a target may take its time
        return exitCode;
    }

    private async Task<int> MendAsync(ParseResult parsed, Deployment ca, byte[]? old, Location.Aws? aws, CancellationToken cancellation)
    {
        var report = new CrlReport();
        IReadOnlyList<MendCrl> all = await MendCrl.OfAllAsync(ca, cancellation);
        foreach (MendCrl crl in old is null ? Named(all, parsed.GetValue(subject), ca.Settings.Names) : [SignerOf(all, old, parsed.GetValue(subject)!)])
        {
            bool changed = parsed.GetRequiredValue(action) switch
            {
                Restore => report.Restored(crl.CaName, Expect(await crl.RestoreAsync(old, cancellation))),
                Accept => report.Accepted(crl.CaName, await crl.AcceptAsync(cancellation)),
                _ => report.SetAside(crl.CaName, await crl.SetAsideAsync(cancellation)),
            };
            if (changed && aws is null)
            {
                report.Published(crl.CaName, await PublishCrl.Of(ca, crl.CaName).RunAsync(cancellation));
            }
        }

        return report.Write(here.Terminal, aws?.Text, globals.IsJson(parsed));
    }

    private static IEnumerable<MendCrl> Named(IReadOnlyList<MendCrl> all, string? name, CaNames names) =>
        name is null ? all
        : all.Where(crl => crl.CaName == name).ToArray() is { Length: > 0 } found ? found
        : throw CommandFault.Usage($"there is no CA '{name}' here", $"name {names.RootCa} or {names.IssuingCa}");

    private static MendCrl SignerOf(IReadOnlyList<MendCrl> all, byte[] old, string file) =>
        all.FirstOrDefault(crl => crl.Signed(old))
        ?? throw CommandFault.Fault(
            $"'{file}' is no CRL that the key of a CA here signed{(all.Count == 0 ? ", as there is none yet" : "")}",
            "give a CRL of this CA, DER or PEM, such as one from a backup or from a client's cache");

    private static RestoredCrl Expect(RestoredCrl restored) => restored.Status != RestoreStatus.CopyHasMore
        ? restored
        : throw CommandFault.Fault(
            "the copy in the internal store has entries that neither the published CRL nor this one has; nothing was changed",
            "publish them first: serverless-ca run");
}

/// <summary>Collects what <c>crl</c> did and writes it, for people and for programs.</summary>
internal sealed class CrlReport
{
    private readonly List<(string CaName, string Status, string Text)> done = [];
    private readonly List<(string CaName, CrlOutcome Outcome)> published = [];

    private bool ChangedAny => done.Exists(one => one.Status != "Unchanged");

    /// <summary>Records that an old CRL was taken over, or that a newer one made it unnecessary.</summary>
    /// <returns>Whether there is something to publish, as with the other records.</returns>
    public bool Restored(string caName, RestoredCrl restored) => restored.Status == RestoreStatus.InPlaceIsNewer
        ? Did(caName, "Unchanged", string.Create(CultureInfo.InvariantCulture, $"has a newer CRL with all that CRL {restored.Number} has"))
        : Did(caName, "Restored", string.Create(
            CultureInfo.InvariantCulture, $"takes over CRL {restored.Number} with {Counted.Entries(restored.EntryCount)}"));

    /// <summary>Records that a loss was accepted.</summary>
    public bool Accepted(string caName, bool wasLost) => wasLost
        ? Did(caName, "Accepted", "does without what was lost")
        : Did(caName, "Unchanged", "no CRL was lost, or that is accepted already");

    /// <summary>Records that a CRL was set aside.</summary>
    public bool SetAside(string caName, SetAsideCrl? aside) => aside is null
        ? Did(caName, "Unchanged", "its CRL is not dated ahead of the clock")
        : Did(caName, "SetAside", string.Create(
            CultureInfo.InvariantCulture, $"takes over CRL {aside.Number} of {TableTime.Text(aside.ThisUpdate)} with {Counted.Entries(aside.EntryCount)}; it is kept as {aside.Key}"));

    /// <summary>Records that a CRL was published at once.</summary>
    public void Published(string caName, CrlOutcome outcome) => published.Add((caName, outcome));

    /// <summary>Writes a table or an object, then what is to be repaired.</summary>
    /// <param name="terminal">Where the report is written.</param>
    /// <param name="aws">The location of a CA on AWS, where the next run publishes; null for a local CA.</param>
    /// <param name="json">Whether an object is written instead of a table.</param>
    /// <returns>The exit code.</returns>
    public int Write(Terminal terminal, string? aws, bool json)
    {
        if (json)
        {
            terminal.Write(Json());
        }
        else
        {
            terminal.WriteTable(Table());
        }

        foreach (string problem in published.SelectMany(one => one.Outcome.Problems))
        {
            terminal.Warning(problem);
        }

        if (aws is not null && ChangedAny)
        {
            terminal.Hint($"the next run publishes it: serverless-ca run --ca {aws}");
        }

        CrlOutcome? failed = published.Select(one => one.Outcome).FirstOrDefault(outcome => outcome.Failed);
        if (failed is not null)
        {
            terminal.Error(failed.Message, null);
        }

        return failed is null ? ExitCode.Done : ExitCode.Fault;
    }

    private bool Did(string caName, string status, string text)
    {
        done.Add((caName, status, text));
        return status != "Unchanged";
    }

    private TextTable Table()
    {
        var table = new TextTable(columns: 2);
        foreach ((string caName, _, string text) in done)
        {
            table.Add(caName, text);
            foreach ((_, CrlOutcome outcome) in published.Where(one => one.CaName == caName))
            {
                table.Add("", outcome.Message);
            }
        }

        return table;
    }

    private string Json() => JsonText.Object(writer =>
    {
        writer.WriteStartArray("Crls");
        foreach ((string caName, string status, string text) in done)
        {
            writer.WriteStartObject();
            writer.WriteString("CA", caName);
            writer.WriteString("Status", status);
            writer.WriteString("Message", text);
            if (published.Find(one => one.CaName == caName).Outcome is { } outcome)
            {
                writer.WriteNumber("CrlNumber", outcome.Number ?? 0);
                writer.WriteNumber("Entries", outcome.EntryCount);
                writer.WriteBoolean("Failed", outcome.Failed);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
