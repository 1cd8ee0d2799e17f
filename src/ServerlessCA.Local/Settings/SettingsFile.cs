using System.Text.Encodings.Web;
using System.Text.Json;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local.Delivery.Settings;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Settings;

/// <summary>Reads and writes <c>settings.json</c>, which has those of the Terraform module's variables that make sense
/// here, and a few of its own.</summary>
internal static class SettingsFile
{
    private const int MaxBytes = 1 << 20; // our decision: a thousand times the usual length

    // Strict JSON: what one editor accepts, another program may read otherwise.
    private static readonly JsonDocumentOptions Strict = new()
    {
        CommentHandling = JsonCommentHandling.Disallow,
        AllowTrailingCommas = false,
        AllowDuplicateProperties = false,
    };

    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for people; never put into HTML
    };

    /// <summary>Reads and checks the file.</summary>
    /// <exception cref="SettingsUnusableException">The file is unreadable, not JSON, or has an invalid
    /// setting.</exception>
    public static LocalSettings Read(string path)
    {
        try
        {
            byte[] content = RegularFile.ReadAllBytes(path, MaxBytes)
                ?? throw new SettingsUnusableException($"'{path}' has more than {MaxBytes} bytes: it holds no settings. Replace it.");
            if (!TextFile.TryReadUtf8(content, out ReadOnlyMemory<byte> utf8, out TextFault? why))
            {
                throw new SettingsUnusableException($"'{path}': {why}.");
            }

            using var json = JsonDocument.Parse(utf8, Strict);
            return SettingsReader.Read(path, json.RootElement);
        }
        catch (JsonException error)
        {
            throw new SettingsUnusableException(
                $"'{path}', line {error.LineNumber + 1}: not JSON: {error.Message} "
                + "Comments, trailing commas and repeated keys are not allowed.",
                error);
        }
        catch (InvalidOperationException error)
        {
            throw new SettingsUnusableException($"'{path}' holds a text that is not Unicode: {error.Message.TrimEnd('.')}. Correct it.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsUnusableException($"'{path}' cannot be read: {error.Message.TrimEnd('.')}. Check who may read it.", error);
        }
    }

    /// <summary>Returns the settings of a file that says nothing.</summary>
    public static LocalSettings ReadNothing() => Read("{}"u8.ToArray());

    /// <summary>Returns the settings of a new folder, which are not in every case those of a file that says nothing.</summary>
    public static LocalSettings ReadNew() => Read(TextOfNew());

    /// <summary>Writes the settings of a new folder, every key spelled out for people who edit them, unless there is a
    /// file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void CreateDefault(string path) => AtomicFile.Create(path, TextOfNew(), Access.OwnerFile);

    private static LocalSettings Read(byte[] text)
    {
        using var json = JsonDocument.Parse(text);
        return SettingsReader.Read(DataFolder.SettingsName, json.RootElement);
    }

    private static byte[] TextOfNew()
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Readable))
        {
            json.WriteStartObject();
            foreach (Setting setting in SettingsSchema.OfSettingsFile)
            {
                json.WritePropertyName(setting.Key!);
                setting.WriteNew(json);
            }

            json.WriteEndObject();
        }

        text.WriteByte((byte)'\n');
        return text.ToArray();
    }
}

/// <summary>Reads settings from the JSON of <c>settings.json</c>. <see cref="SettingsSchema"/> checks each value by its
/// type, and this class checks whether they go together, so that a mistake is reported by the name of its key and not
/// by a certificate that cannot be issued. The names of CAs are not checked here.</summary>
internal static class SettingsReader
{
    /// <exception cref="SettingsUnusableException">A setting is invalid.</exception>
    public static LocalSettings Read(string path, JsonElement json)
    {
        var settings = new SettingsObject(path, json);
        CaSettings ca = CaSettings.Read(settings);
        foreach (SettingsContradiction contradiction in SettingsCheck.Contradictions(ca, setting => setting.Key!))
        {
            if (contradiction.Expected is { } expected)
            {
                throw settings.Problem(contradiction.Setting, expected);
            }
        }

        string variable = SettingsSchema.KeyPassphraseVariable.Read(settings);
        string file = SettingsSchema.KeyPassphraseFile.Read(settings);
        if (variable.Length > 0 && file.Length > 0)
        {
            throw settings.Problem(SettingsSchema.KeyPassphraseFile, $"null, since {SettingsSchema.KeyPassphraseVariable.Key} is set");
        }

        return new LocalSettings
        {
            Ca = ca,
            RootKeySpec = SettingsSchema.RootKeySpec.Read(settings),
            IssuingKeySpec = SettingsSchema.IssuingKeySpec.Read(settings),
            KeyPassphraseVariable = variable.Length > 0 ? variable : null,
            KeyPassphraseFile = file.Length > 0 ? file : null,
            Notifications = ReadNotifications(path, settings, ca.Names.Project),
        };
    }

    private static IReadOnlyList<TargetSettings> ReadNotifications(string path, SettingsObject settings, string project)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
        var notifications = NotificationSettings.Read(SettingsSchema.Notifications.Read(settings), folder, project);
        return notifications.Problems is [_, ..] problems
            ? throw new SettingsUnusableException($"'{path}': {string.Join("; ", problems)}.")
            : notifications.Targets;
    }
}

/// <summary>Makes <c>settings.json</c> a source of settings. It is read strictly: every key must be known and every
/// value valid. A key that is absent or null has its default. The first mistake ends the reading.</summary>
internal sealed class SettingsObject : ISettingsSource
{
    private readonly string file;
    private readonly Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);

    /// <exception cref="SettingsUnusableException">It is no object, or has a key that is no setting.</exception>
    public SettingsObject(string file, JsonElement json)
    {
        this.file = file;
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new SettingsUnusableException($"'{file}': the file is {json.GetRawText()}; expected is an object, such as {{ … }}.");
        }

        string[] known = [.. SettingsSchema.OfSettingsFile.Select(setting => setting.Key!)];
        foreach (JsonProperty property in json.EnumerateObject().Where(property => property.Name != SettingsFileSchema.Itself))
        {
            if (!known.Contains(property.Name))
            {
                throw NoSetting(property.Name, string.Join(", ", known));
            }

            if (property.Value.ValueKind != JsonValueKind.Null)
            {
                values[property.Name] = property.Value;
            }
        }
    }

    /// <inheritdoc/>
    public SettingValue? Find(Setting setting) =>
        setting.Key is { } key && values.TryGetValue(key, out JsonElement json) ? new SettingValue(json, Text: null) : null;

    /// <inheritdoc/>
    public bool Needs(Setting setting) => false;

    /// <inheritdoc/>
    /// <exception cref="SettingsUnusableException">Thrown always.</exception>
    public void Report(SettingProblem problem)
    {
        string name = problem.Member is { } member ? $"{problem.Setting.Key}.{member}" : problem.Setting.Key!;
        throw problem.Fault == SettingFault.Unknown
            ? NoSetting(name, problem.Expected)
            : Problem(name, problem.Written, problem.Expected);
    }

    /// <summary>Makes an exception which says that a setting's value does not go together with another's.</summary>
    public SettingsUnusableException Problem(Setting setting, string expected) =>
        Problem(setting.Key!, Find(setting)?.Json?.GetRawText(), expected);

    private SettingsUnusableException NoSetting(string name, string known) =>
        new($"'{file}': there is no setting '{name}'. The settings are: {known}.");

    private SettingsUnusableException Problem(string name, string? written, string expected) =>
        new($"'{file}': setting '{name}' is {written ?? "missing"}; expected is {expected}.");
}
