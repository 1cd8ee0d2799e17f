using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Everything that a deployment publishes: names and media types (SPEC sections 1 and 12.6).</summary>
public static class PublishedNames
{
    /// <summary>Media type by name of the file.</summary>
    public static IReadOnlyDictionary<string, string> Of(CaNames names)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string ca in (string[])[names.RootCa, names.IssuingCa])
        {
            files[$"{ca}.crt"] = MediaTypes.Certificate;
            files[$"{ca}.cer"] = MediaTypes.Certificate;
            files[CrlFiles.KeyOf(ca)] = MediaTypes.Crl;
            files[CrlFiles.PemKeyOf(ca)] = MediaTypes.PemFile;
        }

        files[names.BundleFile] = MediaTypes.PemFile;
        return files;
    }
}
