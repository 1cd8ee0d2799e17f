using System.Text.Json.Nodes;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local;
using ServerlessCA.Local.Settings;

namespace ServerlessCA.Cli.Authorities;

/// <summary>What <c>run</c> may decide when it makes a CA, and never afterwards. Immutable.</summary>
/// <param name="Choices">What was chosen, by setting; what was not has its default.</param>
internal sealed record FirstUse(IReadOnlyList<FirstUseChoice> Choices)
{
    /// <summary>Writes the choices into the settings of a new data folder; settings that are there stay.</summary>
    /// <exception cref="CommandFault">A choice does not do, or the folder cannot be made.</exception>
    public async Task WriteAsync(DataFolder folder, TimeProvider clock, CancellationToken cancellation)
    {
        if (folder.Exists || Choices.Count == 0)
        {
            return;
        }

        // Prepared in a scratch data folder, so that a choice that does not do leaves nothing behind.
        using OutputFolder place = OutputFolder.Open(folder.Path);
        var scratch = new DataFolder(Path.Combine(folder.Path, $".first-use-{Path.GetRandomFileName()}"));
        try
        {
            await scratch.CreateAsync(clock, cancellation);
            Amend(scratch.SettingsFile);
            _ = scratch.ReadSettings();
            File.Move(scratch.SettingsFile, folder.SettingsFile, overwrite: false);
        }
        catch (SettingsUnusableException fault)
        {
            string why = fault.Message.Replace($"'{scratch.SettingsFile}': ", "", StringComparison.Ordinal);
            throw CommandFault.Usage(why, $"correct {string.Join(", ", Choices.Select(choice => choice.Option))}");
        }
        catch (IOException) when (folder.Exists)
        {
            // Another run was faster: its settings count, and Check compares them with the choices.
        }
        finally
        {
            Directory.Delete(scratch.Path, recursive: true);
        }
    }

    /// <summary>Compares the choices with the CA that is there.</summary>
    /// <exception cref="CommandFault">One contradicts it.</exception>
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

    private void Amend(string settingsFile)
    {
        JsonObject settings = JsonNode.Parse(File.ReadAllBytes(settingsFile))!.AsObject();
        foreach (FirstUseChoice choice in Choices)
        {
            settings[choice.Setting.Key!] = choice.Value;
        }

        File.WriteAllText(settingsFile, JsonText.Of(settings)); // keeps its mode
    }
}

/// <summary>One choice of whoever makes a CA. Immutable.</summary>
/// <param name="Setting">Of <c>settings.json</c>.</param>
/// <param name="Option">On the command line.</param>
/// <param name="Value">What was chosen.</param>
internal sealed record FirstUseChoice(Setting Setting, string Option, string Value);
