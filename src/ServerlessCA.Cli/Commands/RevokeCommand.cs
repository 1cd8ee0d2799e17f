using System.CommandLine;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Revoking;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local;

namespace ServerlessCA.Cli.Commands;

/// <summary><c>revoke</c>: a certificate is good no more.</summary>
internal sealed class RevokeCommand
{
    private readonly Surroundings here;
    private readonly GlobalOptions globals;

    private readonly Argument<string?> name = new("NAME")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Its common name; case counts",
    };

    private readonly Option<string?> serial = new("--serial")
    {
        HelpName = "NUMBER",
        Description = "Its serial number, where the name has several certificates: decimal, or hexadecimal as openssl and browsers show it",
    };

    private readonly Option<string?> reason = Choice.Of(
        "--reason", "REASON", $"Why: {string.Join(", ", RevocationReasons.Names)} (default unspecified)",
        [.. RevocationReasons.Names], word => RevocationReasons.TryParse(word, out _));

    private readonly Option<string?> folder = new("--folder")
    {
        HelpName = "FOLDER",
        Description = "A GitOps folder: only add an entry to its revoked.json, or to revoked-root-ca.json for a CA; "
            + "with a name and --serial no CA needs to be at hand",
    };

    private RevokeCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
    }

    /// <summary>Puts the command together.</summary>
    public static TaughtCommand Create(Surroundings here, GlobalOptions globals)
    {
        var revoke = new RevokeCommand(here, globals);
        var command = new TaughtCommand("revoke", "Revoke a certificate and publish the CRL that says so")
        {
            Explanation = "There is no way back, and no question is asked. What was revoked before keeps its date, "
                + "and its reason unless the new one is graver, such as keyCompromise. "
                + "Where a pull request decides, --folder writes the entry for it instead, and the next run revokes.",
            Examples =
            [
                new("serverless-ca revoke client.example.com --reason keyCompromise", "Revokes the only certificate of a name."),
                new("serverless-ca revoke client.example.com --serial 3F:A2:07 --reason superseded", "Revokes one of several."),
                new("serverless-ca revoke www.example.com --folder certs/dev", "Adds it to certs/dev/revoked.json, to be committed."),
            ],
        };
        command.Add(revoke.name);
        command.Group("Which and why", revoke.serial, revoke.reason);
        command.Group("By pull request", revoke.folder);
        command.SetAction(revoke.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string? serialText = parsed.GetValue(serial);
        if (parsed.GetValue(name) is null && serialText is null)
        {
            throw CommandFault.Usage("nothing says which certificate to revoke", "give its common name, or --serial NUMBER");
        }

        SerialReading? number = serialText is null ? null : CertificateSearch.SerialOf(serialText);
        RevocationReason why = parsed.GetValue(reason) is { } word && RevocationReasons.TryParse(word, out RevocationReason given) ? given : default;
        return parsed.GetValue(folder) is { } gitOps
            ? await ListAsync(parsed, gitOps, number, why, cancellation)
            : await LedgerAsync(parsed, number, why, cancellation);
    }

    private async Task<int> LedgerAsync(ParseResult parsed, SerialReading? number, RevocationReason why, CancellationToken cancellation)
    {
        if (globals.OwnLocationOf(parsed) is Location.Aws aws)
        {
            throw CommandFault.Usage(
                "on AWS the pipeline revokes, from a list that Terraform uploads",
                $"add to the list: --folder FOLDER, such as certs/{aws.Names.Environment}; commit it, apply it, then: serverless-ca run --ca {aws.Text}");
        }

        using LocalAuthority ca = await LocalAuthority.OpenAsync(globals.FolderOf(parsed), here.Clock, cancellation);
        if (await OneAsync(ca, parsed, number, cancellation) is not { } row)
        {
            return ExitCode.Usage;
        }

        RevokedNow revoked = await new LedgerRevocation(ca, here.Clock).RunAsync(row, why, cancellation);
        RevokeReport.Tell(here.Terminal, revoked, globals.IsJson(parsed));
        SentReport.Warn(here.Terminal, await ca.SendEventsAsync(cancellation)); // last: a target may take its time
        return ExitCode.Done;
    }

    private async Task<int> ListAsync(
        ParseResult parsed, string gitOps, SerialReading? number, RevocationReason why, CancellationToken cancellation)
    {
        GitOpsFolder.ExpectLists(gitOps);
        if (number is { } given && parsed.GetValue(name) is { } named)
        {
            return await ListAsync(parsed, gitOps, NamesAtHand(parsed), new RevocationEntry(named, given.Number, why), cancellation);
        }

        return await new InventoryAccess(here, globals).UseAsync(
            parsed,
            async ca => await OneAsync(ca, parsed, number, cancellation) is { } row
                ? await ListAsync(parsed, gitOps, ca.Names, new RevocationEntry(row.CommonName, row.SerialNumber, why), cancellation)
                : ExitCode.Usage,
            cancellation);
    }

    private async Task<int> ListAsync(
        ParseResult parsed, string gitOps, CaNames? names, RevocationEntry entry, CancellationToken cancellation)
    {
        (string file, bool added) = await new ListRevocation(gitOps, names).RunAsync(entry, cancellation);
        RevokeReport.Tell(here.Terminal, entry, file, added, globals.IsJson(parsed));
        return ExitCode.Done;
    }

    // Without asking any CA.
    private CaNames? NamesAtHand(ParseResult parsed)
    {
        if (globals.OwnLocationOf(parsed) is Location.Aws aws)
        {
            return aws.Names;
        }

        var data = new DataFolder(globals.FolderOf(parsed));
        return data.Exists ? data.ReadSettings().Ca.Names : null;
    }

    // Null: there are several, and they were told.
    private async Task<CertificateRecord?> OneAsync(
        IInventory ca, ParseResult parsed, SerialReading? number, CancellationToken cancellation)
    {
        IReadOnlyList<CertificateRecord> found = (parsed.GetValue(name), number) switch
        {
            ({ } named, { }) => [await CertificateSearch.OneAsync(ca, named, parsed.GetValue(serial), cancellation)],
            ({ } named, null) => await CertificateSearch.ByNameOrSerialAsync(ca, named, cancellation),
            (_, { } given) => await CertificateSearch.BySerialAsync(ca, given, cancellation),
            _ => [],
        };
        if (found.Count == 1)
        {
            return found[0];
        }

        RevokeReport.TellSeveral(here.Terminal, [.. found.Select(row => InventoryRow.Of(row, here.Clock.GetUtcNow()))]);
        return null;
    }
}
