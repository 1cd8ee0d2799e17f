using System.CommandLine;
using ServerlessCA.Cli.Files;

namespace ServerlessCA.Cli.Requesting;

/// <summary>Where files are written, and under which name.</summary>
internal sealed class OutputOptions(Surroundings here, string? defaultFolder)
{
    /// <summary>The stem of file names where none is given; that of the original's client.</summary>
    private const string DefaultName = "client-cert";

    private const string HomeCerts = "~/certs";

    private readonly Option<string?> folder = new("--out")
    {
        HelpName = "FOLDER",
        Description = $"Where the files are written (default {defaultFolder ?? HomeCerts}); made, for its owner only, if it is missing",
    };

    private readonly Option<string?> name = new("--name")
    {
        HelpName = "NAME",
        Description = $"What the names of the files begin with (default {DefaultName})",
    };

    private readonly Option<bool> der = new("--der") { Description = "Write certificate and key as DER, too: NAME.der and NAME-key.der" };

    private readonly Option<bool> pkcs12 = new("--pkcs12")
    {
        Description = "Write key, certificate and CAs as PKCS #12, too: NAME.p12, under the key's passphrase",
    };

    /// <summary>For the help.</summary>
    public IReadOnlyList<Option> All => [folder, name];

    /// <summary>For commands that write certificates.</summary>
    public IReadOnlyList<Option> OfCertificates => [folder, name, der, pkcs12];

    /// <summary>The files.</summary>
    /// <exception cref="CommandFault">The stem is no file name.</exception>
    public CertificateFileSet FilesOf(ParseResult parsed) =>
        new(NameOf(parsed), new FileForms(parsed.GetValue(der), parsed.GetValue(pkcs12)));

    /// <summary>The folder.</summary>
    /// <exception cref="CommandFault">It has no name, or would be in the user's home folder, and there is none.</exception>
    public string FolderOf(ParseResult parsed) => parsed.GetValue(folder) is ""
        ? throw CommandFault.Usage("--out names no folder", "name one; . is the current folder")
        : HomeFolder.Expand(parsed.GetValue(folder) ?? defaultFolder ?? HomeCerts, here);

    private string NameOf(ParseResult parsed)
    {
        string stem = parsed.GetValue(name) ?? DefaultName;
        // Surrogates do not fit a BMPString, as PKCS #12 names its entry.
        bool isFileName = stem.Length > 0 && stem[0] != '.' && stem.IndexOfAny([.. Path.GetInvalidFileNameChars(), '/', '\\']) < 0 && !stem.Any(char.IsSurrogate);
        if (!isFileName)
        {
            throw CommandFault.Usage($"--name '{stem}' cannot begin a file name", "leave folders to --out");
        }

        bool isTaken = stem == CertificateFileSet.BundleStem || stem.EndsWith("-key", StringComparison.Ordinal) || stem.EndsWith("-combined", StringComparison.Ordinal);
        return !isTaken ? stem : throw CommandFault.Usage(
            $"--name '{stem}' would make files that look like the key or the bundle of another certificate", "choose another --name");
    }
}
