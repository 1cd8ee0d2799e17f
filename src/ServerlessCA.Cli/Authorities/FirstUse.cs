using System.Text.Json.Nodes;
using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local;
using ServerlessCA.Local.Settings;

namespace ServerlessCA.Cli.Authorities;

/// <summary>The settings that <c>run</c> can choose when it makes a CA, and never afterwards. Immutable.</summary>
/// <param name="Choices">The settings that were chosen; all others have their defaults.</param>
internal sealed record FirstUse(IReadOnlyList<FirstUseChoice> Choices)
{
    /// <summary>Whether <c>init</c> made a passphrase for the keys; null when the CA is not made by <c>init</c>.</summary>
    public bool? PassphraseMade { get; init; }

    /// <summary>Writes the choices into the settings of a new data folder; settings that exist stay.</summary>
    /// <exception cref="CommandFault">A choice is not valid, or the folder cannot be made.</exception>
    public async Task WriteAsync(DataFolder folder, TimeProvider clock, CancellationToken cancellation)
    {
        if (folder.Exists || Choices.Count == 0)
        {
            return;
        }

        // The settings are prepared in a scratch data folder, so that a choice that is not valid leaves nothing behind.
        using OutputFolder place = OutputFolder.Open(folder.Path);
        var scratch = new DataFolder(Path.Combine(folder.Path, $".first-use-{Path.GetRandomFileName()}"));
        try
        {
            await scratch.CreateAsync(clock, cancellation);
            Amend(scratch.SettingsFile);
            ExpectSound(scratch.ReadSettings(), scratch.SettingsFile);
            File.Move(scratch.SettingsFile, folder.SettingsFile, overwrite: false);
        }
        catch (SettingsUnusableException fault)
        {
            string why = fault.Message.Replace($"'{scratch.SettingsFile}': ", "", StringComparison.Ordinal);
            throw CommandFault.Usage(why, $"correct {OptionsOf(why)}");
        }
        catch (IOException) when (folder.Exists)
        {
            // Another run was faster: its settings stay, and Check compares them with the choices.
        }
        finally
        {
            Directory.Delete(scratch.Path, recursive: true);
        }
    }

    /// <summary>Checks that the choices agree with the CA that is there.</summary>
    /// <exception cref="CommandFault">A choice contradicts it.</exception>
    public void Check(DataFolder folder, LocalSettings settings, KeySpec? rootKey, KeySpec? issuingKey)
    {
        foreach (FirstUseChoice choice in Choices)
        {
            string actual = choice.Setting == SettingsSchema.Project ? settings.Ca.Names.Project
                : choice.Setting == SettingsSchema.Environment ? settings.Ca.Names.Environment
                : KeySpecs.KmsName(choice.Setting == SettingsSchema.RootKeySpec ? rootKey ?? settings.RootKeySpec : issuingKey ?? settings.IssuingKeySpec);
            if (actual != choice.Value)
            {
                throw CommandFault.Usage(
                    $"{choice.Option} '{choice.Value}' contradicts the CA in '{folder.Path}', which has '{actual}'",
                    "leave the option out, or make another CA: --ca local:FOLDER");
            }
        }
    }

    // The options of the settings that are named, or all that were given.
    private string OptionsOf(string why)
    {
        FirstUseChoice[] given = [.. Choices.Where(choice => !choice.IsDefault)];
        FirstUseChoice[] named = [.. given.Where(choice => why.Contains(choice.Setting.Key!, StringComparison.Ordinal))];
        return string.Join(", ", (named.Length > 0 ? named : given).Select(choice => choice.Option));
    }

    private static void ExpectSound(LocalSettings settings, string file)
    {
        IEnumerable<string> problems =
        [
            .. SettingsCheck.Problems(settings.Ca),
            .. CaInfoCheck.Problems(settings.Ca.RootCaInfo, SettingsSchema.RootCaInfo.Key!, isRoot: true),
            .. CaInfoCheck.Problems(settings.Ca.IssuingCaInfo, SettingsSchema.IssuingCaInfo.Key!, isRoot: false),
        ];
        if (problems.FirstOrDefault() is { } problem)
        {
            throw new SettingsUnusableException($"'{file}': {problem}");
        }
    }

    private void Amend(string settingsFile)
    {
        JsonObject settings = JsonNode.Parse(File.ReadAllBytes(settingsFile))!.AsObject();
        foreach (FirstUseChoice choice in Choices)
        {
            settings[choice.Setting.Key!] = choice.Json?.DeepClone() ?? choice.Value;
        }

        File.WriteAllText(settingsFile, JsonText.Of(settings)); // leaves the file's mode as it is
    }
}

/// <summary>A setting that was chosen for a new CA. Immutable.</summary>
/// <param name="Setting">The setting in <c>settings.json</c>.</param>
/// <param name="Option">The option on the command line, for messages.</param>
/// <param name="Value">The value as it was written.</param>
internal sealed record FirstUseChoice(Setting Setting, string Option, string Value)
{
    /// <summary>The value in <c>settings.json</c>; null when it is the text as it was written.</summary>
    public JsonNode? Json { get; init; }

    /// <summary>Whether nobody chose it, and it is written so that people see it.</summary>
    public bool IsDefault { get; init; }
}
