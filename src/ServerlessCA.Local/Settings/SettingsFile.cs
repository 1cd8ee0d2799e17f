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

    /// <summary>Writes the defaults, every key spelled out for whoever edits them, unless there is a file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void CreateDefault(string path)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Readable))
        {
            Write(json, LocalSettings.New);
        }

        text.WriteByte((byte)'\n');
        AtomicFile.Create(path, text.ToArray(), Access.OwnerFile);
    }

    private static void Write(Utf8JsonWriter json, LocalSettings settings)
    {
        CaSettings ca = settings.Ca;
        json.WriteStartObject();
        json.WriteString("project", ca.Names.Project);
        json.WriteString("env", ca.Names.Environment);
        WriteTexts(json, "prod_envs", LocalSettings.ProdEnvironments);
        WriteInfo(json, "root_ca_info", ca.RootCaInfo);
        WriteInfo(json, "issuing_ca_info", ca.IssuingCaInfo);
        json.WriteString("root_ca_key_spec", KeySpecNames.Of(settings.RootKeySpec));
        json.WriteString("issuing_ca_key_spec", KeySpecNames.Of(settings.IssuingKeySpec));
        WriteLife(json, "root_crl", ca.RootCrlLife);
        WriteLife(json, "issuing_crl", ca.IssuingCrlLife);
        json.WriteNumber("max_cert_lifetime", ca.MaxCertLifetime);
        json.WriteBoolean("public_crl", ca.PublicDomain is not null);
        json.WriteString("hosted_zone_domain", ca.PublicDomain ?? "");
        WriteTexts(json, "custom_extension_allowlist", ca.CustomExtensionAllowlist);
        WriteTexts(json, "extended_key_usage_allowlist", ca.ExtendedKeyUsageAllowlist);
        json.WriteBoolean("allow_ocsp_signing", ca.AllowOcspSigning);
        json.WriteBoolean("single_label_names", ca.SingleLabelNames);
        WriteTexts(json, "certificate_policies", ca.CertificatePolicies);
        json.WriteStartArray("expiry_reminders");
        foreach (int days in ca.ExpiryReminders)
        {
            json.WriteNumberValue(days);
        }

        json.WriteEndArray();
        json.WriteString("key_passphrase_env", settings.KeyPassphraseVariable);
        json.WriteString("key_passphrase_file", settings.KeyPassphraseFile);
        WriteTexts(json, "notifications", []);
        json.WriteEndObject();
    }

    private static void WriteInfo(Utf8JsonWriter json, string key, CaInfo info)
    {
        json.WriteStartObject(key);
        json.WriteString("commonName", info.CommonName);
        json.WriteString("country", info.Country);
        json.WriteString("state", info.State);
        json.WriteString("locality", info.Locality);
        json.WriteString("organization", info.Organization);
        json.WriteString("organizationalUnit", info.OrganizationalUnit);
        json.WriteString("emailAddress", info.EmailAddress);
        json.WriteNumber("lifetime", info.Lifetime);
        json.WriteNull("pathLengthConstraint");
        json.WriteEndObject();
    }

    private static void WriteLife(Utf8JsonWriter json, string key, TimeSpan life)
    {
        json.WriteNumber($"{key}_days", life.Days);
        json.WriteNumber($"{key}_seconds", (int)(life - TimeSpan.FromDays(life.Days)).TotalSeconds);
    }

    private static void WriteTexts(Utf8JsonWriter json, string key, IEnumerable<string> texts)
    {
        json.WriteStartArray(key);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
