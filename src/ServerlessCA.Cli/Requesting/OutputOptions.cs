using System.CommandLine;
using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Cli.Requesting;

/// <summary>Where files are written, and under which name.</summary>
/// <param name="here">Has the home folder.</param>
/// <param name="defaultFolder">Where nothing else is said; null: in the home folder.</param>
/// <param name="isNamedAfterSubject">Whether files are named after the common name, where nothing else is said.</param>
internal sealed class OutputOptions(Surroundings here, string? defaultFolder = null, bool isNamedAfterSubject = false)
{
    private const string HomeCerts = "~/certs";

    private readonly Option<string?> folder = new("--out")
    {
        HelpName = "FOLDER",
        Description = $"Where the files are written (default {defaultFolder ?? HomeCerts}); made, for its owner only, if it is missing",
    };

    private readonly Option<string?> name = new("--name")
    {
        HelpName = "NAME",
        Description = $"What the names of the files begin with (default {(isNamedAfterSubject ? "the common name" : FileStem.Usual)})",
    };

    private readonly Option<bool> der = new("--der") { Description = "Write certificate and key as DER, too: NAME.der and NAME-key.der" };

    private readonly Option<bool> pkcs12 = new("--pkcs12")
    {
        Description = "Write key, certificate and CAs as PKCS #12, too: NAME.p12, under the key's passphrase",
    };

    private readonly Option<bool> replace = new("--replace")
    {
        Description = "Replace files of this name also if they are those of another subject, and a key that a certificate or a CSR still needs",
    };

    /// <summary>For the help.</summary>
    public IReadOnlyList<Option> All => [folder, name];

    /// <summary>For commands that a person gives: what would be lost is asked for.</summary>
    public Option Replacing => replace;

    /// <summary>For commands that write certificates.</summary>
    public IReadOnlyList<Option> OfCertificates => [folder, name, der, pkcs12];

    /// <summary>The files.</summary>
    /// <param name="parsed">The options.</param>
    /// <param name="commonName">The certificate's; null: not known.</param>
    /// <exception cref="CommandFault">The stem is no file name.</exception>
    public CertificateFileSet FilesOf(ParseResult parsed, string? commonName) =>
        new(NameOf(parsed, commonName), new FileForms(parsed.GetValue(der), parsed.GetValue(pkcs12)));

    /// <summary>Whose files new ones may replace; null: anybody's.</summary>
    public EarlierFiles? EarlierOf(ParseResult parsed, CertificateFileSet set, string? commonName, DistinguishedName? subject) =>
        parsed.GetValue(replace) ? null : new EarlierFiles(set, commonName, subject);

    /// <summary>The same where a key and a CSR are made, and no certificate for them.</summary>
    /// <param name="parsed">The options.</param>
    /// <param name="set">The files.</param>
    /// <param name="commonName">The name that is asked for.</param>
    /// <param name="isListed">Whether an entry of <c>tls.json</c> names the CSR.</param>
    public EarlierFiles? EarlierOfRequest(ParseResult parsed, CertificateFileSet set, string commonName, bool isListed) =>
        parsed.GetValue(replace) ? null : new EarlierFiles(set, commonName, subject: null) { IsKeyAlone = true, IsNameListed = isListed };

    /// <summary>Whether the folder was named.</summary>
    public bool IsFolderGiven(ParseResult parsed) => parsed.GetValue(folder) is not null;

    /// <summary>The folder.</summary>
    /// <exception cref="CommandFault">It has no name, or would be in the user's home folder, and there is none.</exception>
    public string FolderOf(ParseResult parsed) => parsed.GetValue(folder) is ""
        ? throw CommandFault.Usage("--out names no folder", "name one; . is the current folder")
        : HomeFolder.Expand(parsed.GetValue(folder) ?? defaultFolder ?? HomeCerts, here);

    private string NameOf(ParseResult parsed, string? commonName)
    {
        string stem = parsed.GetValue(name) ?? (isNamedAfterSubject && commonName is not null ? FileStem.Of(commonName) : FileStem.Usual);
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
