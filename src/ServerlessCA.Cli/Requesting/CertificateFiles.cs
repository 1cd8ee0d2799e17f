using System.Text;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Keys;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The files of one certificate: none is put in place before all are on the disk, and the key is there before
/// the CA is asked, so that an issued certificate never lacks it.</summary>
internal sealed class CertificateFiles : IDisposable
{
    private readonly OutputFolder folder;
    private readonly CertificateFileSet set;
    private KeyMaterial? key;

    private CertificateFiles(OutputFolder folder, CertificateFileSet set)
    {
        this.folder = folder;
        this.set = set;
    }

    /// <summary>Makes the folder and checks that every file can be put in place.</summary>
    /// <exception cref="CommandFault">One cannot.</exception>
    public static CertificateFiles Prepare(string folder, CertificateFileSet set)
    {
        OutputFolder output = OutputFolder.Open(folder);
        foreach (string name in set.Names)
        {
            output.PathOf(name);
        }

        return new CertificateFiles(output, set);
    }

    /// <summary>Whether others may replace what is written.</summary>
    public bool IsOpenToWriters => FileModes.IsOpenToWriters(folder.Folder);

    /// <summary>Writes the key beside its place.</summary>
    /// <exception cref="CommandFault">It cannot be written.</exception>
    public void StageKey(SubjectKey made, string? passphrase)
    {
        key = KeyMaterial.Of(made, passphrase);
        Stage(set.OfKey(key));
    }

    /// <summary>Writes a CSR and puts it in place with its key.</summary>
    /// <returns>The paths, by what they hold.</returns>
    /// <exception cref="CommandFault">They cannot be written.</exception>
    public IReadOnlyList<WrittenFile> WriteRequest(string csrPem)
    {
        var request = new FileToWrite("Csr", "CSR", set.RequestName, Encoding.UTF8.GetBytes(csrPem), IsSecret: false);
        Stage(request);
        folder.Commit();
        return [WrittenAs(request), WrittenAs(set.OfKey(key!))];
    }

    /// <summary>Writes an answer and puts everything in place.</summary>
    /// <returns>The paths, by what they hold.</returns>
    /// <exception cref="CommandFault">They cannot be written.</exception>
    public IReadOnlyList<WrittenFile> Write(Answer answer)
    {
        FileToWrite[] files = [.. set.Of(answer, key)];
        foreach (FileToWrite file in files.Where(file => file.Name != set.KeyName))
        {
            Stage(file);
        }

        folder.Commit();
        return [.. files.Select(WrittenAs)];
    }

    /// <summary>Leaves the key where it is, since a certificate for it may exist.</summary>
    /// <returns>Its path; null when there is none.</returns>
    public string? KeepKey() => key is null ? null : folder.KeepFirst();

    /// <inheritdoc/>
    public void Dispose()
    {
        key?.Dispose();
        folder.Dispose();
    }

    private void Stage(FileToWrite file) => folder.Stage(file.Name, file.Content, file.Mode);

    private WrittenFile WrittenAs(FileToWrite file) => new(file.Key, file.Label, folder.PathOf(file.Name));
}
