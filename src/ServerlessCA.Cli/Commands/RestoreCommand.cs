using System.CommandLine;
using System.Globalization;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local;
using ServerlessCA.Local.Backups;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>restore</c>, which makes a local CA from a backup and takes over what its last published CRLs
/// say.</summary>
internal sealed class RestoreCommand
{
    private const string Lost = "numbers would be used again, and what was revoked since would be forgotten";
    private const string Give = "give the newest one of each CA, --crl FILE or --crl http://ADDRESS, or go without: --without-crl";

    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly PassphraseOptions passphrase;

    private readonly Argument<string> file = new("FILE") { Description = "The backup" };

    private readonly Option<string[]> published = new("--crl")
    {
        HelpName = "FILE",
        Description = "The newest CRL that was published, as relying parties have it: a file, DER or PEM, or its http:// address; once for each CA",
    };

    private readonly Option<bool> without = new("--without-crl")
    {
        Description = "Restore also CAs whose newest CRL is lost, or that published none since the backup; a warning names them",
    };

    private RestoreCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
        passphrase = new PassphraseOptions(here, "--passphrase", "that the backup is encrypted with");
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var restore = new RestoreCommand(here, globals);
        var command = new DocumentedCommand("restore", "Restore a local CA from a backup")
        {
            Explanation = "Makes the folder of --ca, which must be empty or not there: as a whole, or not at all. Every file is compared with the backup's "
                + "digests, and the ledger is read from end to end. What happened after the backup is not in it: the newest published CRL of each CA shows "
                + "what was revoked meanwhile and which numbers are used up (--crl, or --without-crl). Keep the old machine from issuing.",
            Examples =
            [
                new("serverless-ca restore ca-2030-01-01.tar.gz --ca local:/srv/ca --crl root.crl --crl http://ca.example.com/serverless-issuing-ca-prd.crl",
                    "Restores it, and takes over what was revoked since."),
                new("serverless-ca restore ca.tar.gz.p7m --passphrase-file ~/.ca-backup --without-crl", "Restores an encrypted one, when nothing was published since."),
            ],
        };
        command.Add(restore.file);
        command.Group("What to restore with", [restore.published, restore.without, .. restore.passphrase.All]);
        command.SetAction(restore.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(file);
        var data = new DataFolder(globals.FolderOf(parsed));
        bool mayLack = parsed.GetValue(without);
        string[] sources = parsed.GetValue(published) ?? [];
        if (sources.Length == 0 && !mayLack)
        {
            throw CommandFault.Usage($"what was published after the backup is not known without the newest CRLs: {Lost}", Give);
        }

        var crls = new List<(string Source, byte[] Content)>();
        foreach (string source in sources)
        {
            crls.Add((source, await PublishedInput.ReadAsync(source, published.Name, CertificateRevocationList.MaxOctets, here, cancellation)));
        }

        string? words = await passphrase.ReadAsync(parsed, cancellation);
        if (await BackupReport.UseAsync($"'{path}' cannot be restored", () => Task.Run(() => LocalRestore.IsEncrypted(path), cancellation)) != words is not null)
        {
            throw words is null
                ? CommandFault.Usage($"'{path}' is encrypted, or no backup", "give its passphrase: --passphrase-file FILE, or --passphrase-env VARIABLE")
                : CommandFault.Usage($"'{path}' is not encrypted", "leave the passphrase out");
        }

        var taken = new List<TakenCrl>();
        string[] lacking = [];
        BackupFacts facts = await BackupReport.UseAsync($"'{path}' cannot be restored", () => LocalRestore.RunAsync(
            path, words, data, async unpacked => lacking = await TakeOverAsync(unpacked, crls, taken, mayLack, cancellation), cancellation));
        Write(parsed, data, facts, taken, lacking);
        using LocalAuthority ca = await LocalAuthority.OpenUncheckedAsync(data.Path, here.Clock, cancellation);
        foreach (HealthFinding finding in await new CheckHealth(ca.Deployment()).RunAsync(cancellation))
        {
            if (finding.Level != HealthLevel.Good)
            {
                here.Terminal.Warning($"{finding.Check}: {finding.Message}");
            }
        }

        foreach (string name in lacking)
        {
            here.Terminal.Warning($"CRLs of {name} that were published after {facts.CreatedText} are not known here: {Lost}");
            here.Terminal.Hint($"take over the newest one, if there is one, before the first run: serverless-ca crl restore {name}.crl");
        }

        return ExitCode.Done;
    }

    // It runs before anything is put in place, so that no CA that would forget revocations is restored unasked.
    private async Task<string[]> TakeOverAsync(
        DataFolder unpacked, List<(string Source, byte[] Content)> crls, List<TakenCrl> taken, bool mayLack, CancellationToken cancellation)
    {
        using LocalAuthority ca = await LocalAuthority.OpenUncheckedAsync(unpacked.Path, here.Clock, cancellation);
        IReadOnlyList<MendCrl> all = await MendCrl.OfAllAsync(ca.Deployment(), cancellation);
        foreach ((string source, byte[] content) in crls)
        {
            MendCrl signer = all.FirstOrDefault(one => one.Signed(content))
                ?? throw CommandFault.Usage($"'{source}' is no CRL that the key of a CA in the backup signed", Give);
            RestoredCrl crl = await signer.RestoreAsync(content, cancellation);
            taken.Add(new TakenCrl(signer.CaName, crl));
            if (crl.Status != RestoreStatus.Restored && !mayLack)
            {
                throw CommandFault.Usage(string.Create(
                    CultureInfo.InvariantCulture, $"'{source}' is CRL {crl.Number} of {signer.CaName}, and the backup has more than that, or a newer one"), Give);
            }
        }

        string[] lacking = [.. all.Select(one => one.CaName).Except(taken.Where(one => one.Crl.Status == RestoreStatus.Restored).Select(one => one.CaName))];
        return lacking.Length == 0 || mayLack ? lacking : throw CommandFault.Usage($"the newest CRL of {string.Join(" and ", lacking)} is not given: {Lost}", Give);
    }

    private void Write(ParseResult parsed, DataFolder data, BackupFacts facts, List<TakenCrl> taken, string[] lacking)
    {
        if (globals.IsJson(parsed))
        {
            here.Terminal.Write(JsonText.Object(writer =>
            {
                writer.WriteString("Folder", data.Path);
                BackupReport.WriteFacts(writer, facts);
                writer.WriteStartArray("Crls");
                foreach ((string name, RestoredCrl crl) in taken)
                {
                    writer.WriteStartObject();
                    writer.WriteString("CA", name);
                    writer.WriteNumber("CrlNumber", crl.Number);
                    writer.WriteNumber("Entries", crl.EntryCount);
                    writer.WriteBoolean("TakenOver", crl.Status == RestoreStatus.Restored);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                JsonText.WriteTexts(writer, "WithoutCrl", lacking);
            }));
            return;
        }

        var table = new TextTable(columns: 2);
        table.Add("CA", data.Path);
        BackupReport.AddFacts(table, facts);
        foreach ((string name, RestoredCrl crl) in taken)
        {
            table.Add(name, crl.Status == RestoreStatus.Restored
                ? string.Create(CultureInfo.InvariantCulture, $"the next CRL takes over CRL {crl.Number} with {Counted.Entries(crl.EntryCount)}")
                : string.Create(CultureInfo.InvariantCulture, $"the backup has more than CRL {crl.Number}, or a newer one: it was left alone"));
        }

        here.Terminal.WriteTable(table);
    }

    private sealed record TakenCrl(string CaName, RestoredCrl Crl);
}
