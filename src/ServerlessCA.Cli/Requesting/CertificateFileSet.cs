using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Cli.Requesting;

/// <summary>Holds and reads the options that say where files are written, and under which names.</summary>
/// <param name="here">Has the variables that name the home folder.</param>
/// <param name="defaultFolder">The folder without <c>--out</c>; null for the one in the user's home folder.</param>
/// <param name="isNamedAfterSubject">Whether files are named after the common name without <c>--name</c>.</param>
/// <param name="defaultName">What the help says of the name without <c>--name</c>; null for the usual one.</param>
internal sealed class OutputOptions(Surroundings here, string? defaultFolder = null, bool isNamedAfterSubject = false, string? defaultName = null)
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
        Description = $"What the names of the files begin with (default {defaultName ?? (isNamedAfterSubject ? "the common name" : FileStem.Usual)})",
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

    /// <summary>Folder and name, for the help.</summary>
    public IReadOnlyList<Option> All => [folder, name];

    /// <summary>The option that replaces files of other subjects, for commands that people give.</summary>
    public Option Replacing => replace;

    /// <summary>The options of commands that write certificates.</summary>
    public IReadOnlyList<Option> OfCertificates => [folder, name, der, pkcs12];

    /// <summary>Returns the names and forms of the files.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="commonName">The certificate's common name; null when it is not known.</param>
    /// <exception cref="CommandFault"><c>--name</c> cannot begin a file name.</exception>
    public CertificateFileSet FilesOf(ParseResult parsed, string? commonName) =>
        new(NameOf(parsed, commonName), new FileForms(parsed.GetValue(der), parsed.GetValue(pkcs12)));

    /// <summary>Returns the names and forms of the files that replace others: forms that are there are written anew.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="stem">What their names begin with; null when they are not named as here.</param>
    /// <param name="path">The certificate that is there.</param>
    /// <exception cref="CommandFault">The names are not known, or <c>--name</c> cannot begin a file name.</exception>
    public CertificateFileSet FilesLike(ParseResult parsed, string? stem, string path)
    {
        string given = parsed.GetValue(name) ?? stem ?? throw CommandFault.Usage(
            $"'{path}' is not named as 'request' names certificates: NAME.pem", "say how the new files are named: --name NAME, and where they go: --out FOLDER");
        var there = new CertificateFileSet(stem ?? given, new FileForms(Der: true, Pkcs12: true));
        string folder = Path.GetDirectoryName(path) ?? "";
        return new(Checked(given), new FileForms(
            parsed.GetValue(der) || File.Exists(Path.Combine(folder, there.DerName)),
            parsed.GetValue(pkcs12) || File.Exists(Path.Combine(folder, there.StoreName))));
    }

    /// <summary>Returns whose files new ones may replace; null when they may replace any.</summary>
    public EarlierFiles? EarlierOf(ParseResult parsed, CertificateFileSet set, string? commonName, DistinguishedName? subject) =>
        parsed.GetValue(replace) ? null : new EarlierFiles(set, commonName, subject);

    /// <summary>Returns the same for a key and a CSR that are made without a certificate.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="set">The names of the files.</param>
    /// <param name="commonName">The common name that is requested.</param>
    /// <param name="isListed">Whether an entry of <c>tls.json</c> names the CSR already.</param>
    public EarlierFiles? EarlierOfRequest(ParseResult parsed, CertificateFileSet set, string commonName, bool isListed) =>
        parsed.GetValue(replace) ? null : new EarlierFiles(set, commonName, subject: null) { IsKeyAlone = true, IsNameListed = isListed };

    /// <summary>Says whether <c>--out</c> was given.</summary>
    public bool IsFolderGiven(ParseResult parsed) => parsed.GetValue(folder) is not null;

    /// <summary>Returns the folder.</summary>
    /// <exception cref="CommandFault"><c>--out</c> is empty, or the folder would be in the user's home folder and there is
    /// none.</exception>
    public string FolderOf(ParseResult parsed) => FolderOf(parsed, defaultFolder ?? HomeCerts);

    /// <summary>Returns the folder, or another one without <c>--out</c>.</summary>
    /// <exception cref="CommandFault"><c>--out</c> is empty, or the folder would be in the user's home folder and there is
    /// none.</exception>
    public string FolderOf(ParseResult parsed, string byDefault) => parsed.GetValue(folder) is ""
        ? throw CommandFault.Usage("--out names no folder", "name one; . is the current folder")
        : HomeFolder.Expand(parsed.GetValue(folder) ?? byDefault, here);

    private string NameOf(ParseResult parsed, string? commonName) =>
        Checked(parsed.GetValue(name) ?? (isNamedAfterSubject && commonName is not null ? FileStem.Of(commonName) : FileStem.Usual));

    private static string Checked(string stem)
    {
        // Surrogates do not fit a BMPString, as PKCS #12 names its entry.
        bool isFileName = stem.Length > 0 && stem[0] != '.' && stem.IndexOfAny([.. Path.GetInvalidFileNameChars(), '/', '\\']) < 0 && !stem.Any(char.IsSurrogate);
        if (!isFileName)
        {
            throw CommandFault.Usage($"--name '{stem}' cannot begin a file name", "leave folders to --out");
        }

        bool isTaken = stem == CertificateFileSet.BundleStem || stem.EndsWith("-key", StringComparison.Ordinal) || stem.EndsWith(CertificateFileSet.CombinedEnding, StringComparison.Ordinal);
        return !isTaken ? stem : throw CommandFault.Usage(
            $"--name '{stem}' would make files that look like the key or the bundle of another certificate", "choose another --name");
    }
}

/// <summary>The files of one certificate: determines their names and their contents. Immutable.</summary>
/// <param name="Stem">The beginning of the names.</param>
/// <param name="Forms">The forms that are written.</param>
internal sealed record CertificateFileSet(string Stem, FileForms Forms)
{
    /// <summary>The name of the CA bundle without its ending.</summary>
    public const string BundleStem = "ca-bundle";

    /// <summary>The name of the CA bundle.</summary>
    public const string BundleName = $"{BundleStem}.pem";

    /// <summary>What the name of the file with key, certificate and CAs adds.</summary>
    public const string CombinedEnding = "-combined";

    /// <summary>The name of the certificate's file.</summary>
    public string CertificateName => $"{Stem}.pem";

    /// <summary>The name of the key's file.</summary>
    public string KeyName => $"{Stem}-key.pem";

    /// <summary>The name of the file with key, certificate and CAs.</summary>
    public string CombinedName => $"{Stem}{CombinedEnding}.pem";

    /// <summary>The names of the PEM files that hold the key.</summary>
    public IReadOnlyList<string> KeyNames => [KeyName, CombinedName];

    /// <summary>The name of the CSR's file.</summary>
    public string RequestName => $"{Stem}.csr";

    /// <summary>The names of all files that belong to this certificate alone, the CSR's included.</summary>
    public IEnumerable<string> OwnNames => Names.Except([BundleName]).Append(RequestName);

    /// <summary>The name of the certificate's file in DER.</summary>
    public string DerName => $"{Stem}.der";

    private string KeyDerName => $"{Stem}-key.der";

    /// <summary>The name of the PKCS #12 file.</summary>
    public string StoreName => $"{Stem}.p12";

    /// <summary>The names of all files that may be written.</summary>
    public IReadOnlyList<string> Names =>
    [
        CertificateName, KeyName, CombinedName, BundleName,
        .. Forms.Der ? (string[])[DerName, KeyDerName] : [],
        .. Forms.Pkcs12 ? (string[])[StoreName] : [],
    ];

    /// <summary>Returns the names of the files that are written when the CA has answered.</summary>
    /// <param name="withKey">Whether the key is made here, and not elsewhere for a CSR.</param>
    public IEnumerable<string> NamesOf(bool withKey) => withKey ? Names : Names.Except([KeyName, CombinedName, KeyDerName, StoreName]);

    /// <summary>Returns the files of an answer, which must have been checked.</summary>
    /// <param name="answer">The CA's answer.</param>
    /// <param name="key">The key; null when it is elsewhere, and then no file holds one.</param>
    public IEnumerable<FileToWrite> Of(Answer answer, KeyMaterial? key)
    {
        byte[] chain = Encoding.ASCII.GetBytes(answer.Issuing.Pem + answer.Root.Pem);
        yield return new("Certificate", "Certificate", CertificateName, Encoding.ASCII.GetBytes(answer.CertificatePem), IsSecret: false);
        if (key is not null)
        {
            yield return OfKey(key);
            byte[] combined = [.. key.Pem, .. Encoding.ASCII.GetBytes(answer.Certificate.Pem), .. chain];
            yield return new("Combined", "All in one", CombinedName, combined, IsSecret: true);
        }

        yield return new("CaBundle", "CA bundle", BundleName, chain, IsSecret: false);
        if (Forms.Der)
        {
            yield return new("CertificateDer", "Certificate, DER", DerName, answer.Certificate.Der.ToArray(), IsSecret: false);
        }

        if (Forms.Der && key is not null)
        {
            yield return new("KeyDer", "Key, DER", KeyDerName, key.Der, IsSecret: true);
        }

        if (Forms.Pkcs12 && key is { Passphrase: { } passphrase })
        {
            byte[] store = Pkcs12File.Encode(key.Info, [answer.Certificate.Der, answer.Issuing.Der, answer.Root.Der], passphrase, Stem);
            yield return new("Pkcs12", "PKCS #12", StoreName, store, IsSecret: true);
        }
    }

    /// <summary>Returns the file of the CSR.</summary>
    public FileToWrite OfRequest(string csrPem) => new("Csr", "CSR", RequestName, Encoding.UTF8.GetBytes(csrPem), IsSecret: false);

    /// <summary>Returns the file of the key.</summary>
    public FileToWrite OfKey(KeyMaterial key) => new("Key", "Key", KeyName, key.Pem, IsSecret: true);
}

/// <summary>Says which forms are written besides PEM. Immutable.</summary>
/// <param name="Der">Whether certificate and key are also written as DER.</param>
/// <param name="Pkcs12">Whether key and chain are also written as PKCS #12.</param>
internal sealed record FileForms(bool Der, bool Pkcs12)
{
    /// <summary>Checks that these forms can be written.</summary>
    /// <param name="keyIsElsewhere">Whether the request has a CSR of its own.</param>
    /// <param name="passphrase">The passphrase of the key; null when there is none.</param>
    /// <exception cref="CommandFault">A PKCS #12 file lacks its key or its passphrase.</exception>
    public void Check(bool keyIsElsewhere, string? passphrase)
    {
        if (Pkcs12 && keyIsElsewhere)
        {
            throw CommandFault.Usage("--pkcs12 needs the key, which stays with whoever made the CSR", "leave out either of them");
        }

        if (Pkcs12 && passphrase is null)
        {
            throw CommandFault.Usage(
                "--pkcs12 needs a passphrase", "give --key-passphrase-env or --key-passphrase-file; it encrypts the key's other files, too");
        }
    }
}

/// <summary>Derives the beginning of file names.</summary>
internal static class FileStem
{
    /// <summary>The default, which is that of the original's client.</summary>
    public const string Usual = "client-cert";

    private const char Instead = '-'; // stands for characters that not every file system, shell and bucket takes
    private const string Wildcard = "*.";

    /// <summary>Derives it from a common name: <c>wildcard.example.com</c> from <c>*.example.com</c>; the default where
    /// nothing of the name is left.</summary>
    public static string Of(string commonName)
    {
        string name = commonName.StartsWith(Wildcard, StringComparison.Ordinal) ? $"wildcard.{commonName[Wildcard.Length..]}" : commonName;
        string stem = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : Instead)).Trim('.', Instead);
        return stem.Length > 0 ? stem : Usual;
    }
}

/// <summary>A file that is to be written. Immutable.</summary>
/// <param name="Key">The name of its contents in JSON, such as <c>CaBundle</c>.</param>
/// <param name="Label">The name of its contents for people, such as "CA bundle".</param>
/// <param name="Name">The file name without its folder.</param>
/// <param name="Content">The whole contents.</param>
/// <param name="IsSecret">Whether it holds a private key.</param>
internal sealed record FileToWrite(string Key, string Label, string Name, byte[] Content, bool IsSecret)
{
    /// <summary>The file's mode.</summary>
    public UnixFileMode Mode => IsSecret ? FileModes.Secret : FileModes.Open;
}

/// <summary>A file that a command has written. Immutable.</summary>
/// <param name="Key">The name of its contents in JSON.</param>
/// <param name="Label">The name of its contents for people.</param>
/// <param name="Path">The path, absolute or relative to the current folder.</param>
internal sealed record WrittenFile(string Key, string Label, string Path)
{
    /// <summary>Writes the files as one object, with absolute paths, for programs that run in another folder.</summary>
    public static JsonObject ToJson(IEnumerable<WrittenFile> files)
    {
        var json = new JsonObject();
        foreach (WrittenFile file in files)
        {
            json[file.Key] = System.IO.Path.GetFullPath(file.Path);
        }

        return json;
    }
}
