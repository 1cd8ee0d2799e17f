using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Initializing;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local;
using ServerlessCA.Local.Settings;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>init</c>, which writes the settings of a local CA before its first run.</summary>
internal sealed class InitCommand
{
    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly InitOptions options = new();

    private readonly Option<bool> yes = new("--yes") { Description = "Ask nothing: options count, and defaults for everything else" };

    private readonly Option<bool> create = new("--create") { Description = "Then make the CA at once, as 'run' does" };

    private InitCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var self = new InitCommand(here, globals);
        var command = new DocumentedCommand("init", "Choose names, subjects and keys of a new local CA, before its first run")
        {
            Explanation = "Asks on a terminal for what a CA keeps for its whole life, writes settings.json into the folder of --ca, and makes no CA unless --create is given: 'run' does. "
                + "Options answer beforehand; without a terminal, or with --yes or --output json, nothing is asked. An option for every setting of docs/settings.md is below. "
                + "Where there is a CA already, nothing is done.",
            Examples =
            [
                new("serverless-ca init", "Asks, for a CA in ./.serverless-ca."),
                new("serverless-ca init --yes --project acme --env prd --root-ca-subject \"CN=Acme Root CA,O=Acme\" --key-passphrase-file ca-pass --create --ca local:/srv/ca", "Makes a CA with encrypted keys, for scripts."),
            ],
        };
        command.Group("Asked for on a terminal", self.options.Asked);
        command.Group("How", self.yes, self.create);
        command.Group("Other settings, which can be changed later", self.options.Others);
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var data = new DataFolder(globals.FolderOf(parsed));
        if (data.Exists)
        {
            throw CommandFault.Usage($"there is a CA in '{data.Path}' already, or its settings", $"edit '{data.SettingsFile}', or make another CA: --ca local:FOLDER");
        }

        List<FirstUseChoice> choices = [.. options.Read(parsed)];
        bool asks = here.Terminal.InputIsSeen && !parsed.GetValue(yes) && !globals.IsJson(parsed);
        choices.AddRange(asks ? Ask(choices) : InitQuestions.All.Where(question => question.Default.Length > 0 && IsOpen(question, choices)).Select(question => Choice(question, question.Default)!));
        var first = new FirstUse(choices) { ChecksSubjects = true };
        bool made = await WriteAsync(data, first, cancellation);
        LocalSettings settings = data.ReadSettings();
        if (parsed.GetValue(create))
        {
            return await RunCommand.RunLocalAsync(here, globals, parsed, data.Path, gitOps: null, new FirstUse([]), cancellation);
        }

        Write(data, settings, made, globals.IsJson(parsed));
        return ExitCode.Done;
    }

    private IEnumerable<FirstUseChoice> Ask(IReadOnlyList<FirstUseChoice> given)
    {
        foreach (InitQuestion question in InitQuestions.All.Where(question => IsOpen(question, given)))
        {
            FirstUseChoice? choice;
            string answer;
            do
            {
                answer = here.Terminal.Ask(question.Default.Length > 0 ? $"{question.Text} [{question.Default}]: " : $"{question.Text}: ")
                    ?? throw CommandFault.Fault("the input ended before every question was answered", "nothing was written; --yes takes the defaults");
                answer = answer.Trim() is { Length: > 0 } typed ? typed : question.Default;
                choice = answer.Length == 0 ? null : Choice(question, answer);
            }
            while (answer.Length > 0 && choice is null);
            if (choice is not null)
            {
                yield return choice;
            }
        }
    }

    // Where another setting already says where the passphrase is, the file is not asked for.
    private static bool IsOpen(InitQuestion question, IReadOnlyList<FirstUseChoice> given) => !given.Any(choice => choice.Setting == question.Setting
        || (question.Setting == SettingsSchema.KeyPassphraseFile && choice.Setting == SettingsSchema.KeyPassphraseVariable));

    private FirstUseChoice? Choice(InitQuestion question, string answer)
    {
        (JsonNode? value, string? why) = question.Read(answer);
        if (why is not null)
        {
            here.Terminal.Error(why, "answer again");
        }

        return value is null ? null : new FirstUseChoice(question.Setting, $"'{question.Text}'", answer) { Json = value };
    }

    // The passphrase comes first, so that settings never name a file that is missing.
    private async Task<bool> WriteAsync(DataFolder data, FirstUse first, CancellationToken cancellation)
    {
        string? file = first.Choices.FirstOrDefault(choice => choice.Setting == SettingsSchema.KeyPassphraseFile) is { Value: { Length: > 0 } path }
            ? Path.GetFullPath(path, Path.GetFullPath(data.Path))
            : null;
        if (file is null || File.Exists(file))
        {
            await first.WriteAsync(data, here.Clock, cancellation);
            return false;
        }

        using OutputFolder place = OutputFolder.Open(Path.GetDirectoryName(file)!);
        place.Stage(Path.GetFileName(file), Encoding.ASCII.GetBytes(Passphrase.Generate() + "\n"), FileModes.Secret);
        place.CommitOne();
        try
        {
            await first.WriteAsync(data, here.Clock, cancellation);
        }
        catch
        {
            File.Delete(file);
            throw;
        }

        return true;
    }

    private void Write(DataFolder data, LocalSettings settings, bool madePassphrase, bool json)
    {
        CaNames names = settings.Ca.Names;
        string? passphrase = settings.KeyPassphraseFile ?? (settings.KeyPassphraseVariable is { } variable ? $"variable {variable}" : null);
        if (json)
        {
            here.Terminal.Write(JsonText.Object(writer =>
            {
                writer.WriteString("SettingsFile", Path.GetFullPath(data.SettingsFile));
                writer.WriteString("RootCa", names.RootCa);
                writer.WriteString("RootKeySpec", KeySpecs.KmsName(settings.RootKeySpec));
                writer.WriteString("IssuingCa", names.IssuingCa);
                writer.WriteString("IssuingKeySpec", KeySpecs.KmsName(settings.IssuingKeySpec));
                writer.WriteBoolean("KeysEncrypted", passphrase is not null);
                writer.WriteBoolean("PassphraseMade", madePassphrase);
            }));
            return;
        }

        TextTable facts = new TextTable(columns: 2)
            .Add("Settings", data.SettingsFile)
            .Add("Root CA", $"{names.RootCa}, {KeySpecs.KmsName(settings.RootKeySpec)}")
            .Add("Issuing CA", $"{names.IssuingCa}, {KeySpecs.KmsName(settings.IssuingKeySpec)}")
            .Add("Keys", passphrase is null ? "not encrypted" : $"encrypted, passphrase in {passphrase}{(madePassphrase ? ", which was made" : "")}");
        here.Terminal.WriteTable(facts);
        if (madePassphrase)
        {
            here.Terminal.Warning("without this passphrase the keys are lost, and backups do not have it: keep a copy elsewhere");
        }

        here.Terminal.Hint($"make the CA: serverless-ca run --ca local:{data.Path}");
    }
}
