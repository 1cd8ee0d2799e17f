using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local;
using ServerlessCA.Local.Backups;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>backup</c>, which writes a local CA to one file.</summary>
internal static class BackupCommand
{
    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var file = new Argument<string>("FILE") { Description = "Where to; there must be no such file" };
        var passphrase = new PassphraseOptions(here, "--passphrase", "to encrypt the backup with (default: not encrypted)");
        var command = new DocumentedCommand("backup", "Back up a local CA: ledger, keys, settings and files, in one file")
        {
            Explanation = "The CA may go on working meanwhile. The file is a tar.gz, which its owner alone may read; with a passphrase it is encrypted "
                + "as CMS, which 'openssl cms -decrypt' opens, too. Whoever reads it unencrypted has the keys of the CA. A CA whose key files are encrypted "
                + "needs their passphrase, which is not in it, to be restored. Notifications are not in it. A CA on AWS has point-in-time recovery instead.",
            Examples =
            [
                new("serverless-ca backup \"ca-$(date +%F).tar.gz\"", "Backs up ./.serverless-ca, once a day."),
                new("serverless-ca backup ca.tar.gz.p7m --passphrase-file ~/.ca-backup", "Encrypts it."),
            ],
        };
        command.Add(file);
        command.Group("Encryption", [.. passphrase.All]);
        command.SetAction(async (parsed, cancellation) =>
        {
            var data = new DataFolder(globals.FolderOf(parsed));
            if (!data.Exists)
            {
                throw CommandFault.Fault($"there is no CA in '{data.Path}'", "name the folder of one: --ca local:FOLDER");
            }

            string path = parsed.GetRequiredValue(file);
            string? words = await passphrase.ReadAsync(parsed, cancellation);
            WrittenBackup written = await BackupReport.UseAsync($"'{path}' was not written", () => LocalBackup.WriteAsync(data, path, words, here.Clock, cancellation));
            Write(here.Terminal, path, written, encrypted: words is not null, globals.IsJson(parsed));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(Terminal terminal, string path, WrittenBackup written, bool encrypted, bool json)
    {
        if (json)
        {
            terminal.Write(JsonText.Object(writer =>
            {
                writer.WriteString("File", path);
                writer.WriteBoolean("Encrypted", encrypted);
                BackupReport.WriteFacts(writer, written.Facts);
                JsonText.WriteTexts(writer, "Omitted", written.Omitted);
            }));
        }
        else
        {
            var table = new TextTable(columns: 2);
            table.Add("Backup", path);
            table.Add("Encrypted", encrypted ? "yes" : "no: it has the keys of the CA");
            BackupReport.AddFacts(table, written.Facts);
            terminal.WriteTable(table);
        }

        foreach (string name in written.Omitted)
        {
            terminal.Warning($"'{name}' is not in it: it is no regular file, or has a name that no file of a CA has");
        }
    }
}

/// <summary>Writes what the reports of <c>backup</c> and <c>restore</c> share.</summary>
internal static class BackupReport
{
    /// <summary>Runs the work and turns an unusable backup into the fault of a command.</summary>
    /// <exception cref="CommandFault">The backup cannot be used.</exception>
    public static async Task<T> UseAsync<T>(string what, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (BackupUnusableException fault)
        {
            throw CommandFault.Fault($"{what}: {fault.Message}", null, fault);
        }
    }

    /// <summary>Adds rows to the table for people.</summary>
    public static void AddFacts(TextTable table, BackupFacts facts)
    {
        table.Add("As of", facts.CreatedText);
        table.Add("Certificates", facts.Certificates.ToString(CultureInfo.InvariantCulture));
        foreach (BackupAuthority authority in facts.Authorities)
        {
            table.Add(authority.Name, string.Create(CultureInfo.InvariantCulture, $"CRL number {authority.CrlNumber}"));
        }
    }

    /// <summary>Writes members of the object for programs.</summary>
    public static void WriteFacts(Utf8JsonWriter writer, BackupFacts facts)
    {
        writer.WriteString("Created", facts.CreatedText);
        writer.WriteNumber("Certificates", facts.Certificates);
        writer.WriteStartArray("Authorities");
        foreach (BackupAuthority authority in facts.Authorities)
        {
            writer.WriteStartObject();
            writer.WriteString("CA", authority.Name);
            writer.WriteNumber("CrlNumber", authority.CrlNumber);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
