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

/// <summary><c>restore</c>: makes a local CA from a backup, and sees that it goes on where the world last saw it.</summary>
internal sealed class RestoreCommand
{
    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly PassphraseOptions passphrase;

    private readonly Argument<string> file = new("FILE") { Description = "The backup" };

    private readonly Option<string[]> published = new("--crl")
    {
        HelpName = "FILE",
        Description = "The newest CRL that was published, as relying parties have it, DER or PEM; once for each CA",
    };

    private RestoreCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
        passphrase = new PassphraseOptions(here, "--passphrase", "that the backup is encrypted with");
    }

    /// <summary>Puts the command together.</summary>
    public static TaughtCommand Create(Surroundings here, GlobalOptions globals)
    {
        var restore = new RestoreCommand(here, globals);
        var command = new TaughtCommand("restore", "Restore a local CA from a backup")
        {
            Explanation = "Makes the folder of --ca, which must be empty or not there: as a whole, or not at all. Every file is compared with the backup's "
                + "digests, and the ledger is read from end to end. What happened after the backup is not in it: with --crl the newest published CRL tells "
                + "what was revoked meanwhile and which numbers are used up. Keep the old machine from issuing.",
            Examples =
            [
                new("serverless-ca restore ca-2030-01-01.tar.gz --ca local:/srv/ca", "Restores it."),
                new("serverless-ca restore ca.tar.gz.p7m --passphrase-file ~/.ca-backup --crl serverless-issuing-ca-dev.crl", "Takes over what was revoked since."),
            ],
        };
        command.Add(restore.file);
        command.Group("What to restore with", [restore.published, .. restore.passphrase.All]);
        command.SetAction(restore.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(file);
        var data = new DataFolder(globals.FolderOf(parsed));
        var crls = new List<(string File, byte[] Content)>();
        foreach (string crl in parsed.GetValue(published) ?? [])
        {
            crls.Add((crl, await AnyInput.ReadAsync(crl, published.Name, CertificateRevocationList.MaxOctets, here, cancellation)));
        }

        string? words = await passphrase.ReadAsync(parsed, cancellation);
        if (await BackupReport.TellAsync($"'{path}' cannot be restored", () => Task.Run(() => LocalRestore.IsEncrypted(path), cancellation)) != words is not null)
        {
            throw words is null
                ? CommandFault.Usage($"'{path}' is encrypted, or no backup", "give its passphrase: --passphrase-file FILE, or --passphrase-env VARIABLE")
                : CommandFault.Usage($"'{path}' is not encrypted", "leave the passphrase out");
        }

        BackupFacts facts = await BackupReport.TellAsync($"'{path}' cannot be restored", () => LocalRestore.RunAsync(path, words, data, cancellation));
        using LocalAuthority ca = await LocalAuthority.OpenUncheckedAsync(data.Path, here.Clock, cancellation);
        var taken = new List<(string CaName, RestoredCrl Crl)>();
        IReadOnlyList<MendCrl> all = await MendCrl.OfAllAsync(ca.Deployment(), cancellation);
        foreach ((string name, byte[] content) in crls)
        {
            MendCrl signer = all.FirstOrDefault(one => one.Signed(content)) ?? throw CommandFault.Fault(
                $"'{data.Path}' is restored, but '{name}' is no CRL that the key of a CA in it signed", "take over the right one before anything else: serverless-ca crl restore FILE");
            taken.Add((signer.CaName, await signer.RestoreAsync(content, cancellation)));
        }

        Tell(parsed, data, facts, taken);
        foreach (HealthFinding finding in await new CheckHealth(ca.Deployment()).RunAsync(cancellation))
        {
            if (finding.Level != HealthLevel.Good)
            {
                here.Terminal.Warning($"{finding.Check}: {finding.Message}");
            }
        }

        foreach (string name in all.Select(one => one.CaName).Except(taken.Where(one => one.Crl.Status == RestoreStatus.Restored).Select(one => one.CaName)))
        {
            here.Terminal.Warning($"CRLs of {name} that were published after {facts.CreatedText} are not known here: their numbers would be used again, and what they revoke would be forgotten");
            here.Terminal.Hint($"take over the newest one, if there is one, before the first run: serverless-ca crl restore {name}.crl");
        }

        return ExitCode.Done;
    }

    private void Tell(ParseResult parsed, DataFolder data, BackupFacts facts, List<(string CaName, RestoredCrl Crl)> taken)
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
}
