using System.Text.Json.Nodes;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Settings;

/// <summary>Writes the JSON Schema of <c>settings.json</c> of a local CA, from <see cref="SettingsSchema"/>.</summary>
public static class SettingsFileSchema
{
    /// <summary>Names the key by which the file names its schema; readers ignore it (contract 12.24).</summary>
    public const string Itself = "$schema";

    /// <summary>Writes the schema.</summary>
    public static string Write()
    {
        var properties = new JsonObject { [Itself] = JsonSchema.Itself() };
        foreach (Setting setting in SettingsSchema.OfSettingsFile)
        {
            properties[setting.Key!] = setting.Schema(setting == SettingsSchema.Notifications ? NotificationTargetSchema.List() : null);
        }

        return JsonSchema.Write(
            "settings.json: settings of a local CA",
            "The settings of a Serverless CA in a folder. An absent or null value has its default; an unknown key is an error.",
            JsonSchema.Object(properties, required: [], remarks: false));
    }
}
