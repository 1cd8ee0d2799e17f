using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Keys;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The files of one certificate: they appear together or not at all, and the key is on the disk before the
/// CA is asked, so that an issued certificate never lacks it.</summary>
internal sealed class CertificateFiles : IDisposable
{
    private readonly OutputFolder folder;
    private readonly string stem;
    private byte[]? keyText;

    private CertificateFiles(OutputFolder folder, string stem)
    {
        this.folder = folder;
        this.stem = stem;
    }

    private string CertificateName => $"{stem}.pem";

    private string KeyName => $"{stem}-key.pem";

    private string CombinedName => $"{stem}-combined.pem";

    /// <summary>What the name of the CA bundle begins with.</summary>
    public const string BundleStem = "ca-bundle";

    private const string BundleName = $"{BundleStem}.pem";

    /// <summary>Makes the folder and checks that every file can be put in place.</summary>
    /// <exception cref="CommandFault">One cannot.</exception>
    public static CertificateFiles Prepare(string folder, string stem)
    {
        OutputFolder output = OutputFolder.Open(folder);
        var files = new CertificateFiles(output, stem);
        string[] names = [files.CertificateName, files.KeyName, files.CombinedName, BundleName];
        foreach (string name in names)
        {
            output.PathOf(name);
        }

        return files;
    }

    /// <summary>Whether others may replace what is written.</summary>
    public bool IsOpenToWriters => FileModes.IsOpenToWriters(folder.Folder);

    /// <summary>Writes the key beside its place.</summary>
    /// <exception cref="CommandFault">It cannot be written.</exception>
    public void StageKey(SubjectKey key, string? passphrase)
    {
        keyText = KeyFileText.Of(key, passphrase);
        folder.Stage(KeyName, keyText, FileModes.Secret);
    }

    /// <summary>Writes a CSR and puts it in place with its key.</summary>
    /// <returns>The paths, by what they hold.</returns>
    /// <exception cref="CommandFault">They cannot be written.</exception>
    public IReadOnlyList<WrittenFile> WriteRequest(string csrPem)
    {
        string csrName = $"{stem}.csr";
        folder.Stage(csrName, Encoding.UTF8.GetBytes(csrPem), FileModes.Open);
        folder.Commit();
        return [new("Csr", "CSR", folder.PathOf(csrName)), new("Key", "Key", folder.PathOf(KeyName))];
    }

    /// <summary>Writes an answer and puts everything in place.</summary>
    /// <returns>The paths, by what they hold.</returns>
    /// <exception cref="CommandFault">They cannot be written.</exception>
    public IReadOnlyList<WrittenFile> Write(Answer answer)
    {
        string chain = answer.Issuing.Pem + answer.Root.Pem;
        var written = new List<WrittenFile> { new("Certificate", "Certificate", folder.PathOf(CertificateName)) };
        folder.Stage(CertificateName, Encoding.UTF8.GetBytes(answer.CertificatePem), FileModes.Open);
        if (keyText is not null)
        {
            written.Add(new("Key", "Key", folder.PathOf(KeyName)));
            written.Add(new("Combined", "All in one", folder.PathOf(CombinedName)));
            folder.Stage(CombinedName, [.. keyText, .. Encoding.UTF8.GetBytes(answer.Certificate.Pem + chain)], FileModes.Secret);
        }

        written.Add(new("CaBundle", "CA bundle", folder.PathOf(BundleName)));
        folder.Stage(BundleName, Encoding.UTF8.GetBytes(chain), FileModes.Open);
        folder.Commit();
        return written;
    }

    /// <summary>Leaves the key where it is, since a certificate for it may exist.</summary>
    /// <returns>Its path; null when there is none.</returns>
    public string? KeepKey() => keyText is null ? null : folder.KeepFirst();

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(keyText);
        folder.Dispose();
    }
}
