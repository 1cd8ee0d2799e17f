using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The files of one certificate: none is put in place before all are on the disk, and the key is there before
/// the CA is asked, so that an issued certificate never lacks it.</summary>
internal sealed class CertificateFiles : IDisposable
{
    private readonly OutputFolder folder;
    private readonly CertificateFileSet set;
    private readonly string[] names;
    private readonly EarlierFiles? earlier;
    private readonly string[] telling;
    private KeyMaterial? key;

    private CertificateFiles(OutputFolder folder, CertificateFileSet set, IEnumerable<string> names, EarlierFiles? earlier, string[] telling)
    {
        this.folder = folder;
        this.set = set;
        this.names = [.. names];
        this.earlier = earlier;
        this.telling = telling;
    }

    /// <summary>Makes the folder and checks that every file can be put in place.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="set">The files.</param>
    /// <param name="names">Those of them that will be written.</param>
    /// <param name="earlier">Whose files may be replaced; null: anybody's.</param>
    /// <param name="telling">Files elsewhere that tell whose those in the folder are.</param>
    /// <exception cref="CommandFault">One cannot, or others would be lost.</exception>
    public static CertificateFiles Prepare(string folder, CertificateFileSet set, IEnumerable<string> names, EarlierFiles? earlier, params string[] telling)
    {
        OutputFolder output = OutputFolder.Open(folder);
        var files = new CertificateFiles(output, set, names, earlier, telling);
        try
        {
            foreach (string name in files.names)
            {
                output.PathOf(name);
            }

            return files.LossNow() is { } loss ? throw CommandFault.Usage(loss, earlier!.HintIn(folder)) : files;
        }
        catch
        {
            output.Dispose();
            throw;
        }
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
        FileToWrite request = set.OfRequest(csrPem);
        Stage(request);
        folder.Commit(ExpectNoLoss);
        return [WrittenAs(request), WrittenAs(set.OfKey(key!))];
    }

    /// <summary>Writes a CSR into a GitOps folder and puts it in place with its key here: in this command's turn in both
    /// folders, after a look whether others have changed what is there.</summary>
    /// <returns>The paths, by what they hold.</returns>
    /// <exception cref="CommandFault">They cannot be written, or others would be lost.</exception>
    public IReadOnlyList<WrittenFile> WriteRequest(string csrPem, RequestedEntry entry)
    {
        FileToWrite request = set.OfRequest(csrPem);
        bool isSame = RealPath.Of(entry.Requests.Folder) == RealPath.Of(folder.Folder);
        (isSame ? folder : entry.Requests).Stage(request.Name, request.Content, request.Mode);
        folder.Commit(() =>
        {
            ExpectNoLoss();
            if (isSame)
            {
                entry.ExpectStill(earlier, set);
            }
            else
            {
                entry.Requests.Commit(() => entry.ExpectStill(earlier, set));
            }
        });
        return [new(request.Key, request.Label, entry.Requests.PathOf(request.Name)), WrittenAs(set.OfKey(key!))];
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

        folder.Commit(ExpectNoLoss);
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

    private string? LossNow() =>
        earlier?.LossIn(folder.Folder, names, earlier.TellingIn(folder.Folder, names.Contains(set.KeyName)).Concat(telling));

    // Another command may have been faster. It is no matter of options then, and a key that was certified stays.
    private void ExpectNoLoss()
    {
        if (LossNow() is { } loss)
        {
            throw CommandFault.Fault(loss, earlier!.HintIn(folder.Folder));
        }
    }

    private void Stage(FileToWrite file) => folder.Stage(file.Name, file.Content, file.Mode);

    private WrittenFile WrittenAs(FileToWrite file) => new(file.Key, file.Label, folder.PathOf(file.Name));
}
