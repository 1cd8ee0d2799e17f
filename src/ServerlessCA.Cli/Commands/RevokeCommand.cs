using System.CommandLine;
using System.Globalization;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Served;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>revoke</c>, which revokes a certificate.</summary>
internal sealed class RevokeCommand
{
    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly AccessOptions access;

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
        access = new AccessOptions(here, globals);
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var revoke = new RevokeCommand(here, globals);
        var command = new DocumentedCommand("revoke", "Revoke a certificate and publish the CRL that says so")
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
        revoke.access.AddTo(command);
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
        switch (globals.LocationOf(parsed))
        {
            case Location.Aws aws:
                throw CommandFault.Usage(
                    "on AWS the pipeline revokes, from a list that Terraform uploads",
                    $"add to the list: --folder FOLDER, such as certs/{aws.Names.Environment}; commit it, apply it, then: serverless-ca run --ca {aws.Text}");
            case Location.Served served:
                using (ServedApi api = access.OpenApi(parsed, served))
                {
                    return await LedgerAsync(new ServedRevocation(api, here.Clock), parsed, number, why, cancellation);
                }

            default:
                using (LocalAuthority ca = await LocalAuthority.OpenAsync(globals.FolderOf(parsed), here.Clock, cancellation))
                {
                    return await LedgerAsync(new LedgerRevocation(ca, here.Clock), parsed, number, why, cancellation);
                }
        }
    }

    private async Task<int> LedgerAsync(IRevokingCa ca, ParseResult parsed, SerialReading? number, RevocationReason why, CancellationToken cancellation)
    {
        if (await OneAsync(ca.Records, parsed, number, cancellation) is not { } row)
        {
            return ExitCode.Usage;
        }

        RevokedCertificate revoked = await ca.RevokeAsync(row, why, cancellation);
        RevokeReport.Write(here.Terminal, revoked, globals.IsJson(parsed));
        DeliveryWarnings.Write(here.Terminal, await ca.SendEventsAsync(cancellation)); // last: a target may take its time
        return ExitCode.Done;
    }

    private async Task<int> ListAsync(
        ParseResult parsed, string gitOps, SerialReading? number, RevocationReason why, CancellationToken cancellation)
    {
        GitOpsFolder.ExpectLists(gitOps);
        if (number is { } given && parsed.GetValue(name) is { } named)
        {
            CaNames? names = await NamesAtHandAsync(parsed, named, cancellation);
            return await ListAsync(parsed, gitOps, names, new RevocationEntry(named, given.Number, why), cancellation);
        }

        return await new InventoryAccess(here, globals, access).UseAsync(
            parsed,
            async ca => await OneAsync(ca, parsed, number, cancellation) is { } row
                ? await ListAsync(parsed, gitOps, await ca.NamesAsync(cancellation), new RevocationEntry(row.CommonName, row.SerialNumber, why), cancellation)
                : ExitCode.Usage,
            cancellation);
    }

    private async Task<int> ListAsync(
        ParseResult parsed, string gitOps, CaNames? names, RevocationEntry entry, CancellationToken cancellation)
    {
        (string file, bool added) = await new ListRevocation(gitOps, names).RunAsync(entry, cancellation);
        RevokeReport.Write(here.Terminal, entry, file, added, globals.IsJson(parsed));
        return ExitCode.Done;
    }

    // The names are read without opening a CA; one behind HTTP is called only if they matter.
    private async Task<CaNames?> NamesAtHandAsync(ParseResult parsed, string commonName, CancellationToken cancellation)
    {
        switch (globals.LocationOf(parsed))
        {
            case Location.Aws aws:
                return aws.Names;
            case Location.Served served:
                using (ServedApi api = access.OpenApi(parsed, served))
                {
                    return ListRevocation.NeedsNames(commonName) ? await new ServedRecords(api, here.Clock).NamesAsync(cancellation) : null;
                }

            default:
                var data = new DataFolder(globals.FolderOf(parsed));
                return data.Exists ? data.ReadSettings().Ca.Names : null;
        }
    }

    // Returns null when there are several, after writing them.
    private async Task<CertificateRecord?> OneAsync(
        ICaRecords ca, ParseResult parsed, SerialReading? number, CancellationToken cancellation)
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

        RevokeReport.WriteSeveral(here.Terminal, [.. found.Select(row => InventoryRow.Of(row, here.Clock.GetUtcNow()))]);
        return null;
    }
}

/// <summary>Writes what <c>revoke</c> did, for people and for programs.</summary>
internal static class RevokeReport
{
    /// <summary>Writes about a revocation in the ledger.</summary>
    public static void Write(Terminal terminal, RevokedCertificate revoked, bool json)
    {
        if (json)
        {
            terminal.Write(JsonText.Object(writer => RevocationDocument.Write(writer, revoked)));
        }
        else
        {
            terminal.WriteTable(Table(revoked));
        }

        foreach (string warning in revoked.Warnings)
        {
            terminal.Warning(warning);
        }

        if (revoked.Outcome != RevokeOutcome.Revoked)
        {
            terminal.Notice(revoked.Outcome == RevokeOutcome.ReasonReplaced
                ? "it was revoked before: the date stays, the graver reason replaces the old one"
                : "it was revoked before: date and reason stay");
        }
    }

    /// <summary>Writes about an entry in the list of a GitOps folder.</summary>
    public static void Write(Terminal terminal, RevocationEntry entry, string file, bool added, bool json)
    {
        if (json)
        {
            terminal.Write(JsonText.Object(writer =>
            {
                writer.WriteString("Status", added ? "Listed" : "ListedBefore");
                writer.WriteString("CommonName", entry.CommonName);
                writer.WriteString("SerialNumber", entry.SerialNumber.ToString());
                writer.WriteString("File", file);
            }));
        }
        else
        {
            terminal.WriteTable(new TextTable(columns: 2)
                .Add(added ? "Added to" : "Already in", file)
                .Add("Common name", entry.CommonName)
                .Add("Serial number", entry.SerialNumber.ToString()));
        }

        terminal.Hint(added
            ? "commit the file: the next run of its folder revokes the certificate"
            : "the entry stays as it is: the next run of its folder revokes the certificate, if none has");
    }

    /// <summary>Writes that a name has several certificates, and which ones.</summary>
    public static void WriteSeveral(Terminal terminal, IReadOnlyList<InventoryRow> rows)
    {
        terminal.Error(string.Create(CultureInfo.InvariantCulture, $"that may be any of {rows.Count} certificates; none was revoked"), null);
        int width = rows.Max(row => row.SerialNumber.ToString().Length);
        foreach (InventoryRow row in rows)
        {
            terminal.Notice($"  {row.CommonName}  {row.SerialNumber.ToString().PadRight(width)}  {TableTime.Text(row.Issued)} to {TableTime.Text(row.Expires)}  {InventoryReport.StatusCell(row.Status).Text}");
        }

        terminal.Hint("say which: NAME --serial NUMBER");
    }

    private static TextTable Table(RevokedCertificate revoked)
    {
        TextTable table = new TextTable(columns: 2)
            .Add("Revoked", revoked.Row.CommonName)
            .Add("Serial number", revoked.Row.SerialNumber.ToString())
            .Add("Since", $"{TableTime.Text(revoked.Revocation.At)} UTC")
            .Add("Reason", RevocationReasons.Name(revoked.Revocation.Reason));
        return table.Add("CRL", revoked.Crl is { } crl
            ? string.Create(CultureInfo.InvariantCulture, $"{crl.File}, number {crl.Number}")
            : "none names it: it has expired, or its CA is gone");
    }
}
