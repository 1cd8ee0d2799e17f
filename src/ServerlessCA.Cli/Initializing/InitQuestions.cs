using System.Text.Json.Nodes;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Initializing;

/// <summary>Holds a question of <c>init</c> about one setting, with its default. Immutable.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Text">The question, without its default.</param>
/// <param name="Default">The answer that an empty line gives; empty when it leaves the setting out.</param>
/// <param name="Read">Reads an answer: the value in <c>settings.json</c>, or why it is none.</param>
internal sealed record InitQuestion(Setting Setting, string Text, string Default, Func<string, (JsonNode? Value, string? Why)> Read);

/// <summary>Lists the questions of <c>init</c>: what a CA keeps for its whole life. Everything else can be changed in
/// <c>settings.json</c> later.</summary>
internal static class InitQuestions
{
    /// <summary>The questions, in the order in which they are put.</summary>
    public static readonly IReadOnlyList<InitQuestion> All =
    [
        new(SettingsSchema.Project, "Project, the first part of all names", SettingsSchema.Project.Default, AsText),
        new(SettingsSchema.Environment, $"Environment, the last part of names except {string.Join(" and ", SettingsSchema.ProdEnvironments.Default)}", SettingsSchema.Environment.Default, AsText),
        OfSubject(SettingsSchema.RootCaInfo, "Subject of the root CA"),
        OfKey(SettingsSchema.RootKeySpec, "Key of the root CA"),
        OfSubject(SettingsSchema.IssuingCaInfo, "Subject of the issuing CA"),
        OfKey(SettingsSchema.IssuingKeySpec, "Key of the issuing CA"),
        new(SettingsSchema.KeyPassphraseFile, "File with the passphrase of the CA's keys, from the CA's folder, made with a new one if it is missing (empty: keys are not encrypted)", "", AsText),
    ];

    /// <summary>Reads a subject, such as <c>CN=Acme Root CA,O=Acme,C=GB</c>, as the settings of a CA have it.</summary>
    /// <param name="text">RFC 4514, or a common name alone.</param>
    /// <param name="setting">The setting, whose lifetime stays the default.</param>
    public static (JsonNode? Value, string? Why) ReadSubject(string text, Setting<CaInfo> setting)
    {
        string name = text.Contains('=', StringComparison.Ordinal) ? text : $"CN={text}";
        if (!DistinguishedName.TryParse(name, out DistinguishedName? subject, out string? why, out IReadOnlyList<string> ignored))
        {
            return (null, $"'{text}' {why}");
        }

        if (ignored.Count > 0)
        {
            return (null, $"'{text}' has {string.Join(", ", ignored)}, which subjects do not have");
        }

        var info = new JsonObject();
        foreach (NameAttribute attribute in subject.Rdns.SelectMany(rdn => rdn))
        {
            string key = KeyOf(SubjectAttributes.All.Single(known => known.Oid == attribute.Oid));
            if (!info.TryAdd(key, attribute.Value))
            {
                return (null, $"'{text}' has {key} twice");
            }
        }

        info["lifetime"] = setting.Default.Lifetime;
        return (info, null);
    }

    private static InitQuestion OfSubject(Setting<CaInfo> setting, string text) =>
        new(setting, text, $"CN={setting.Default.CommonName}", answer => ReadSubject(answer, setting));

    private static InitQuestion OfKey(Setting<KeySpec> setting, string text) => new(
        setting, $"{text}: {string.Join(", ", KeySpecs.KmsNames)}", KeySpecs.KmsName(setting.Default),
        answer => KeySpecs.KmsNames.Contains(answer, StringComparer.Ordinal) ? (JsonValue.Create(answer), null) : (null, $"'{answer}' is none of these"));

    private static (JsonNode? Value, string? Why) AsText(string text) => (JsonValue.Create(text), null);

    // Settings write common_name as commonName (contract section 3).
    private static string KeyOf(SubjectAttribute attribute) => string.Concat(attribute.RequestKey.Split('_')
        .Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
