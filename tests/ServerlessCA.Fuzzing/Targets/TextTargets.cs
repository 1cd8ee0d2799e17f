using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Fuzzing.Engine;
using ServerlessCA.Local.Settings;
using ServerlessCA.Slack;

namespace ServerlessCA.Fuzzing.Targets;

/// <summary>Makes the targets for names, lists, settings and notifications.</summary>
internal static class TextTargets
{
    private static readonly string[] NameTypes = ["DNS_NAME", "IP_ADDRESS", "EMAIL_ADDRESS", "URL", "DN", "REGISTERED_ID"];

    /// <summary>Makes them.</summary>
    public static IEnumerable<FuzzTarget> All()
    {
        yield return new FuzzTarget("names", ReadNames)
        {
            Seeds = [.. Utf8("www.example.com", "*.example.test", "bücher.example", "10.0.0.1", "2001:db8::1", "10.0.0.0/8", "a@example.test", "https://example.test/a?b#c", "CN=a,O=b", "1.2.3.4", "DNS_NAME:*.example.test")],
            Words = RequestTargets.Words("xn--", "*.", "::", "/", "@", "https://", "[", "]", "%41", "..", "ß", "İ", "\u212A", "CN=", "IP_ADDRESS:"),
        };
        yield return new FuzzTarget("names-der", input => DistinguishedName.TryDecode(input, out _))
        {
            Seeds = [new X500DistinguishedName("CN=a,O=b,C=GB").RawData],
            Words = RequestTargets.Der,
        };
        yield return new FuzzTarget("dn-text", RoundTrip)
        {
            Seeds = [.. Utf8("CN=a,O=b", "cn=\"a, b\"+OU=x, C=GB", @"O=\#x\20\+,CN=#0c0161", "2.5.4.3=a,emailAddress=a@b.c,DC=x", @"CN=L\C4\8Di\C4\87")],
            Words = RequestTargets.Words("CN=", "O=", "OU=", "C=GB", "ST=", "L=", "E=a@b", "DC=", "OID.2.5.4.3=", "1.2.3=", "#0c01", "\\,", "\\00", "\\C3\\A9", "\"", "+", ";", "\\ "),
        };
        yield return new FuzzTarget("revoked-list", ReadRevoked)
        {
            Seeds = [.. Utf8("[]", """[{"common_name":"a","serial_number":"1234"},{"serial_number":"0xAB","reason":"key_compromise","unrecorded":true,"expires":"2030-01-01"}]""")],
            Words = RequestTargets.Words("common_name", "serial_number", "serial", "reason", "unrecorded", "expires", "comment", "2030-12-31 23:59:59", "key_compromise", "0x", ":", "1e5", "\\ud800", "{\"", "},"),
        };
        yield return new FuzzTarget("tls-list", ReadEntries)
        {
            Seeds = [.. Utf8("[]", """[{"common_name":"a.example.test","csr_file":"a.csr","lifetime":30}]""")],
            Words = RequestTargets.Words("common_name", "csr_file", "lifetime", "sans", "organization", "\\u0000", "\uFEFF", "{\"", "},"),
        };
        yield return new FuzzTarget("settings", ReadSettings)
        {
            Seeds = [Encoding.UTF8.GetBytes("{}"), .. Utf8("""{"root_ca_info":{"commonName":"R","lifetime":10},"max_cert_lifetime":100,"request_policies":{}}""")],
            Words = [.. Core.Settings.SettingsSchema.OfSettingsFile.Select(setting => Encoding.UTF8.GetBytes($"\"{setting.Key}\":")), .. RequestTargets.Words(
                "true", "[", "]", "{", "}", "\"", "-1", "1e9", "commonName", "lifetime", "common_names", "sans", "max_days", "permitted", "excluded", "slack", "webhook", "smtp", "url", "https://a.test", "env:", "file:")],
        };
        yield return new FuzzTarget("variables", ReadVariables)
        {
            Seeds = [.. Utf8(
                "PROJECT=serverless\nENVIRONMENT_NAME=dev\nMAX_CERT_LIFETIME=100\nROOT_CA_INFO={\"commonName\":\"R\"}",
                "REQUEST_POLICIES=H4sIAAAAAAAAA6uuBQBDv6ajAgAAAA==\nPUBLIC_CRL=enabled\nROOT_CRL_DAYS=1")],
            Words = [.. Core.Settings.SettingsSchema.All.Where(setting => setting.Variable is not null).Select(setting => Encoding.UTF8.GetBytes($"\n{setting.Variable}=")), .. RequestTargets.Words(
                "true", "enabled", "[\"", "\"]", "{\"", "\":", "-1", "1e9", "commonName", "lifetime", "keySpec", "ECC_NIST_P256", "permitted", "excluded", "days", "names", "H4sI")],
        };
        yield return new FuzzTarget("notifications", WriteNotification)
        {
            Seeds = [.. Utf8("""{"CertificateInfo":{"CommonName":"a"},"Subject":"CN=a","Warnings":["x"]}""", "text", """{"Reason":"x","Base64":"AAAA"}""")],
            Words = RequestTargets.Words("CertificateInfo", "CommonName", "SerialNumber", "Issued", "Expires", "Subject", "Reason", "```", "<!channel>", "\\u202e", "\\ud83d", "[{", "}]"),
        };
        yield return new FuzzTarget("certificate-der", input =>
        {
            Certificate.TryDecode(input, out _);
            CertificateRevocationList.TryDecode(input, out _);
        })
        { Seeds = [.. SomeDer.All()], Words = RequestTargets.Der };
    }

    private static void ReadNames(byte[] input)
    {
        string text = InputText.Of(input);
        if (DnsName.TryParse(text, singleLabels: true, out DnsName? dns))
        {
            Property.Holds(DnsName.TryParse(dns.Value, singleLabels: true, out DnsName? again) && again.Value == dns.Value, "a host name changes when it is read again");
        }

        foreach (string type in NameTypes)
        {
            if (GeneralName.TryParse(type, text, out GeneralName? name, out string? why, singleLabels: true))
            {
                byte[] der = SubjectAlternativeName.Encode([name]);
                Property.Holds(GeneralNames.TryRead(der, out IReadOnlyList<AlternativeName> read) && read.Count == 1, $"an alternative name {type} cannot be read again");
            }
            else
            {
                Property.Holds(why!.Length > 0, "a refused name has no reason");
            }
        }

        _ = NamePattern.TryParse(text, out _, out _);
        _ = SanPattern.TryParse(text, out _, out _);
        _ = NameSubtree.TryParse(text, out _, out _);
        _ = SerialNumber.TryParse(text, out _);
        _ = TableTime.TryParse(text, out _);
        _ = GeneralNames.TryRead(input, out _);
    }

    private static void RoundTrip(byte[] input)
    {
        string text = InputText.Of(input);
        if (!DistinguishedName.TryParse(text, out DistinguishedName? name, out string? why, out _))
        {
            Property.Holds(why.Length > 0, "a refused name has no reason");
            return;
        }

        Property.Holds(DistinguishedName.TryDecode(name.Der, out DistinguishedName? decoded) && decoded.Equals(name), "the DER of a name is not the name");
        _ = new X500DistinguishedName(name.Der.ToArray()).Name;
        string written = name.ToString();
        if (written.Length <= DistinguishedName.MaxTextLength)
        {
            // Our text has the last relative name first, and reading keeps the order: twice is once.
            Property.Holds(DistinguishedName.TryParse(written, out DistinguishedName? turned, out why, out _), $"our own text is refused: it {why}");
            Property.Holds(turned!.Rdns.Reverse().SelectMany(rdn => rdn).Select(Said).SequenceEqual(name.Rdns.SelectMany(rdn => rdn).Select(Said)), "a name changes when its text is read again");
        }

        static string Said(NameAttribute attribute) => $"{attribute.Oid}={attribute.Value}";
    }

    private static void ReadRevoked(byte[] input)
    {
        MemoryInternalFiles files = new MemoryInternalFiles().With("revoked.json", input);
        RevocationEntries entries = RevocationEntries.ReadAsync(files, "revoked.json", CancellationToken.None).GetAwaiter().GetResult();
        _ = entries.Failures.Select(failure => failure.ToString()).ToList();
        if (input.Length > Mutator.UsualLength)
        {
            return; // what it costs is what a run does: reading
        }

        var entry = new RevocationEntry("added.example.test", SerialNumber.Of(77), RevocationReason.KeyCompromise);
        if (RevocationListFile.TryAdd(InputText.Of(input), entry, out string? edited, out _))
        {
            RevocationEntries after = RevocationEntries.ReadAsync(files.With("revoked.json", edited), "revoked.json", CancellationToken.None).GetAwaiter().GetResult();
            Property.Holds(after.Entries.Any(listed => listed.CommonName == entry.CommonName), "the added entry is not in the list");
            Property.Holds(RevocationListFile.TryAdd(edited, entry, out string? twice, out _) && twice == edited, "adding an entry twice changes the list");
        }
    }

    private static void ReadEntries(byte[] input)
    {
        MemoryInternalFiles files = new MemoryInternalFiles().With("tls.json", input);
        _ = GitOpsEntries.ReadAsync(files, CancellationToken.None).GetAwaiter().GetResult();
        if (input.Length > Mutator.UsualLength)
        {
            return; // what it costs is what a run does: reading
        }

        var entry = new JsonObject { ["common_name"] = "added.example.test", ["csr_file"] = "added.csr" };
        if (GitOpsEntriesFile.TryAdd(InputText.Of(input), entry, out string? edited, out _))
        {
            Property.Holds(GitOpsEntriesFile.TryAdd(edited, entry, out string? twice, out _) && twice == edited, "adding an entry twice changes the list");
        }
    }

    private static void ReadSettings(byte[] input)
    {
        string path = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"fuzz-settings-{Environment.ProcessId}.json");
        File.WriteAllBytes(path, input);
        try
        {
            LocalSettings read = LocalSettings.Read(path);
            _ = Core.Settings.SettingsCheck.Problems(read.Ca).Count;
        }
        catch (SettingsUnusableException refusal)
        {
            Property.Holds(refusal.Message.Length > 0, "a refusal has no message");
        }
        finally
        {
            File.Delete(path);
        }
    }

    // The settings of functions: a line is a variable and its value, which may be packed.
    private static void ReadVariables(byte[] input)
    {
        if (input.Length > Mutator.UsualLength)
        {
            return; // all variables of a function have 4 KB together (AWS Lambda quotas)
        }

        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in InputText.Of(input).Split('\n'))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            variables[equals < 0 ? line : line[..equals]] = equals < 0 ? "" : line[(equals + 1)..];
        }

        var source = new Variables(variables);
        _ = Core.Settings.SettingsCheck.Problems(Core.Settings.CaSettings.Read(source)).Count;
        Property.Holds(source.Problems.All(problem => problem.Expected.Length > 0), "a problem does not say what is expected");
    }

    private sealed class Variables(Dictionary<string, string> texts) : Core.Settings.ISettingsSource
    {
        public List<Core.Settings.SettingProblem> Problems { get; } = [];

        public Core.Settings.SettingValue? Find(Core.Settings.Setting setting) =>
            setting.Variable is { } name && texts.GetValueOrDefault(name) is { Length: > 0 } text
                ? new Core.Settings.SettingValue(Json: null, Core.Settings.PackedText.Open(text))
                : null;

        public bool Needs(Core.Settings.Setting setting) => setting.IsNeeded;

        public void Report(Core.Settings.SettingProblem problem) => Problems.Add(problem);
    }

    private static void WriteNotification(byte[] input)
    {
        // SNS delivers no more.
        string text = InputText.Of(input.AsSpan(0, Math.Min(input.Length, PayloadLimit.TopicBytes)));
        string post = SlackMessages.Post("Certificate Issued", text, "#ca", new SlackStyle { Project = "serverless" });
        using JsonDocument message = JsonDocument.Parse(post);
        Property.Holds(message.RootElement.GetProperty("blocks").GetArrayLength() <= 50, "Slack takes 50 blocks");
        JsonValueKind kind = Kind(text);
        if (kind == JsonValueKind.Object)
        {
            string fitted = PayloadLimit.Fit(text);
            Property.Holds(Kind(fitted) == JsonValueKind.Object, "a shortened payload is no JSON object");
            Property.Holds(PayloadLimit.Size(fitted) <= PayloadLimit.TopicBytes - PayloadLimit.EnvelopeBytes, "a shortened payload is too large");
        }
    }

    private static JsonValueKind Kind(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            _ = document.RootElement.ToString();
            return document.RootElement.GetRawText().Contains("\\u", StringComparison.Ordinal) ? default : document.RootElement.ValueKind;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static IEnumerable<byte[]> Utf8(params string[] texts) => texts.Select(Encoding.UTF8.GetBytes);
}
