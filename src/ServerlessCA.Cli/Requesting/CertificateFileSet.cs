using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Keys;
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

/// <summary>The files of one certificate: their names and what is in them. Immutable.</summary>
/// <param name="Stem">What their names begin with.</param>
/// <param name="Forms">Which are written.</param>
internal sealed record CertificateFileSet(string Stem, FileForms Forms)
{
    /// <summary>What the name of the CA bundle begins with.</summary>
    public const string BundleStem = "ca-bundle";

    /// <summary>The name of the CA bundle.</summary>
    public const string BundleName = $"{BundleStem}.pem";

    /// <summary>The name of the certificate's file.</summary>
    public string CertificateName => $"{Stem}.pem";

    /// <summary>The name of the key's file.</summary>
    public string KeyName => $"{Stem}-key.pem";

    /// <summary>The name of the file with everything.</summary>
    public string CombinedName => $"{Stem}-combined.pem";

    /// <summary>The name of the CSR's file.</summary>
    public string RequestName => $"{Stem}.csr";

    /// <summary>The names of all files that are of this certificate alone, the CSR's included.</summary>
    public IEnumerable<string> OwnNames => Names.Except([BundleName]).Append(RequestName);

    private string DerName => $"{Stem}.der";

    private string KeyDerName => $"{Stem}-key.der";

    private string StoreName => $"{Stem}.p12";

    /// <summary>The names of all files that may be written.</summary>
    public IReadOnlyList<string> Names =>
    [
        CertificateName, KeyName, CombinedName, BundleName,
        .. Forms.Der ? (string[])[DerName, KeyDerName] : [],
        .. Forms.Pkcs12 ? (string[])[StoreName] : [],
    ];

    /// <summary>The names of the files that an answer fills.</summary>
    /// <param name="withKey">Whether the key is here.</param>
    public IEnumerable<string> NamesOf(bool withKey) => withKey ? Names : Names.Except([KeyName, CombinedName, KeyDerName, StoreName]);

    /// <summary>The files of an answer that was checked.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="key">The key; null when it is elsewhere: then no file has one.</param>
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

    /// <summary>The CSR's file.</summary>
    public FileToWrite OfRequest(string csrPem) => new("Csr", "CSR", RequestName, Encoding.UTF8.GetBytes(csrPem), IsSecret: false);

    /// <summary>The key's file.</summary>
    public FileToWrite OfKey(KeyMaterial key) => new("Key", "Key", KeyName, key.Pem, IsSecret: true);
}

/// <summary>Which forms are written besides PEM. Immutable.</summary>
/// <param name="Der">Certificate and key as DER, too.</param>
/// <param name="Pkcs12">Key and chain as PKCS #12, too.</param>
internal sealed record FileForms(bool Der, bool Pkcs12)
{
    /// <summary>Whether they can be written.</summary>
    /// <param name="keyIsElsewhere">The request has a CSR of its own.</param>
    /// <param name="passphrase">Of the key; null: none.</param>
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

/// <summary>What the names of files begin with.</summary>
internal static class FileStem
{
    /// <summary>Where nothing else is said; that of the original's client.</summary>
    public const string Usual = "client-cert";

    private const char Instead = '-'; // of characters that not every file system, shell and bucket takes
    private const string Wildcard = "*.";

    /// <summary>One after a common name, such as <c>www.example.com</c>, or <c>wildcard.example.com</c> of
    /// <c>*.example.com</c>; the usual one where nothing of the name is left.</summary>
    public static string Of(string commonName)
    {
        string name = commonName.StartsWith(Wildcard, StringComparison.Ordinal) ? $"wildcard.{commonName[Wildcard.Length..]}" : commonName;
        string stem = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : Instead)).Trim('.', Instead);
        return stem.Length > 0 ? stem : Usual;
    }
}

/// <summary>A file of a set before it is written. Immutable.</summary>
/// <param name="Key">What it holds, in JSON.</param>
/// <param name="Label">What it holds, for people.</param>
/// <param name="Name">Without its folder.</param>
/// <param name="Content">All of it.</param>
/// <param name="IsSecret">Whether it holds a private key.</param>
internal sealed record FileToWrite(string Key, string Label, string Name, byte[] Content, bool IsSecret)
{
    /// <summary>Who may read it.</summary>
    public UnixFileMode Mode => IsSecret ? FileModes.Secret : FileModes.Open;
}

/// <summary>A file that a command wrote. Immutable.</summary>
/// <param name="Key">What it holds, in JSON.</param>
/// <param name="Label">What it holds, for people.</param>
/// <param name="Path">Where it is.</param>
internal sealed record WrittenFile(string Key, string Label, string Path)
{
    /// <summary>Files by what they hold; absolute paths, for programs that run elsewhere.</summary>
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
