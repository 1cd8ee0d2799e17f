using System.Text.Encodings.Web;
using System.Text.Json;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Settings;

/// <summary><c>settings.json</c>: the Terraform module's variables that mean something here, and a few of ours.</summary>
internal static class SettingsFile
{
    private const int MaxBytes = 1 << 20; // our decision: a thousand times what it takes

    // Strict JSON: what an editor's extension would accept, another program may read otherwise.
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
    /// <exception cref="SettingsUnusableException">Unreadable, not JSON, or a setting that does not do.</exception>
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

    /// <summary>Writes the settings of a new folder, every key spelled out for whoever edits them, unless there is a file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void CreateDefault(string path)
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
        AtomicFile.Create(path, text.ToArray(), Access.OwnerFile);
    }
}
