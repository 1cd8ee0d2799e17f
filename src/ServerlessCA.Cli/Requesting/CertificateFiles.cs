using System.Globalization;
using ServerlessCA.Cli.Decoding;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Cli.Requesting;

/// <summary>Writes the files of one certificate. None is put in place before all are on the disk, and the key is on the disk
/// before the request is sent, so that an issued certificate never lacks it.</summary>
internal sealed class CertificateFiles : IDisposable
{
    private readonly OutputFolder folder;
    private readonly CertificateFileSet set;
    private readonly string[] names;
    private readonly EarlierFiles? earlier;
    private readonly string[] evidence;
    private KeyMaterial? key;

    private CertificateFiles(OutputFolder folder, CertificateFileSet set, IEnumerable<string> names, EarlierFiles? earlier, string[] evidence)
    {
        this.folder = folder;
        this.set = set;
        this.names = [.. names];
        this.earlier = earlier;
        this.evidence = evidence;
    }

    /// <summary>Makes the folder and checks that every file can be put in place.</summary>
    /// <param name="folder">The folder for the files.</param>
    /// <param name="set">The names and forms of the files.</param>
    /// <param name="names">The names of those that will be written.</param>
    /// <param name="earlier">Decides which files may be replaced; null when all may.</param>
    /// <param name="evidence">Files elsewhere that show to whom those in the folder belong.</param>
    /// <exception cref="CommandFault">A file cannot be put in place, or files of others would be lost.</exception>
    public static CertificateFiles Prepare(string folder, CertificateFileSet set, IEnumerable<string> names, EarlierFiles? earlier, params string[] evidence)
    {
        OutputFolder output = OutputFolder.Open(folder);
        var files = new CertificateFiles(output, set, names, earlier, evidence);
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

    /// <summary>Whether other users may replace what is written.</summary>
    public bool IsOpenToWriters => FileModes.IsOpenToWriters(folder.Folder);

    /// <summary>Writes the key under a temporary name.</summary>
    /// <exception cref="CommandFault">It cannot be written.</exception>
    public void StageKey(SubjectKey made, string? passphrase)
    {
        key = KeyMaterial.Of(made, passphrase);
        Stage(set.OfKey(key));
    }

    /// <summary>Writes a CSR and puts it in place with its key.</summary>
    /// <returns>The paths of the files.</returns>
    /// <exception cref="CommandFault">They cannot be written.</exception>
    public IReadOnlyList<WrittenFile> WriteRequest(string csrPem)
    {
        FileToWrite request = set.OfRequest(csrPem);
        Stage(request);
        folder.Commit(ExpectNoLoss);
        return [WrittenAs(request), WrittenAs(set.OfKey(key!))];
    }

    /// <summary>Writes a CSR into a GitOps folder and puts it in place with its key here, holding the locks of both folders,
    /// after checking that nobody has changed what is there.</summary>
    /// <returns>The paths of the files.</returns>
    /// <exception cref="CommandFault">They cannot be written, or files of others would be lost.</exception>
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

    /// <summary>Writes the files of an answer and puts all of them in place.</summary>
    /// <returns>The paths of the files.</returns>
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

    /// <summary>Leaves the key where it is, because a certificate for it may exist.</summary>
    /// <returns>Its path; null when there is none.</returns>
    public string? LeaveKey() => key is null ? null : folder.LeaveFirst();

    /// <inheritdoc/>
    public void Dispose()
    {
        key?.Dispose();
        folder.Dispose();
    }

    private string? LossNow() =>
        earlier?.LossIn(folder.Folder, names, earlier.EvidenceIn(folder.Folder, names.Contains(set.KeyName)).Concat(evidence));

    // Another command may have been faster. That is a fault and no wrong option, and a key that was certified stays.
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

/// <summary>Decides whether new files may replace those that are in their place. A renewal replaces the files of its own
/// subject, key and certificate at once. The key of another name, or one whose certificate stays or is still to come, would
/// be lost for good.</summary>
/// <param name="set">The names of the files.</param>
/// <param name="commonName">The common name of the new certificate; null when it is not known.</param>
/// <param name="subject">Its whole subject; null when its common name decides.</param>
internal sealed class EarlierFiles(CertificateFileSet set, string? commonName, DistinguishedName? subject)
{
    private const int MaxOctets = 1 << 20; // octets, our decision: certificates and CSRs have a tenth of that

    /// <summary>Whether a key is written without a certificate for it, and so must not replace another key.</summary>
    public bool IsKeyAlone { get; init; }

    /// <summary>Whether an entry of <c>tls.json</c>, which stays as it is, determines the names of the files.</summary>
    public bool IsNameListed { get; init; }

    /// <summary>Returns the hint for a loss.</summary>
    /// <param name="folder">The folder for the files.</param>
    public string HintIn(string folder) => IsNameListed
        ? "keep it, and make the new key elsewhere: --out FOLDER, or replace it: --replace"
        : $"choose another name: --name {FreeStemIn(folder)}, or replace them: --replace";

    /// <summary>Returns what would be lost; null when nothing would be.</summary>
    /// <param name="folder">The folder for the files.</param>
    /// <param name="names">The names of the files that are written.</param>
    /// <param name="evidence">Files that show to whom those in the folder belong.</param>
    public string? LossIn(string folder, IEnumerable<string> names, IEnumerable<string> evidence)
    {
        string? there = names.Where(name => name != CertificateFileSet.BundleName).Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        (string File, bool IsCertificate)? known = null;
        foreach (string file in there is null ? [] : evidence.Where(File.Exists))
        {
            if (SubjectIn(file) is not (var owner, var isCertificate))
            {
                continue;
            }

            if (!IsOurs(owner, isCertificate))
            {
                return $"'{file}' is {(isCertificate ? "a certificate" : "a CSR")} of '{owner}': its files are not replaced by those of '{(object?)subject ?? commonName}'";
            }

            known ??= (file, isCertificate);
        }

        return there is null ? null
            : known is null ? $"'{there}' is there, and nothing beside it tells whose it is: it is not replaced"
            : LostKeyIn(folder, names, known.Value.File, known.Value.IsCertificate);
    }

    /// <summary>Returns the files in a folder that show to whom a certificate and its key belong. Without a key that is the
    /// certificate alone, as the CSR beside it may be the one that is sent now.</summary>
    public IEnumerable<string> EvidenceIn(string folder, bool withKey) =>
        ((string[])(withKey ? [set.CertificateName, set.CombinedName, set.RequestName] : [set.CertificateName])).Select(name => Path.Combine(folder, name));

    // Without a certificate beside it a key waits for the one that its CSR asks for.
    private string? LostKeyIn(string folder, IEnumerable<string> names, string file, bool isCertificate)
    {
        string key = Path.Combine(folder, set.KeyName);
        return !names.Contains(set.KeyName) || !File.Exists(key) || (isCertificate && !IsKeyAlone)
            ? null
            : $"'{key}' is there, and {(isCertificate ? $"the certificate '{file}'" : $"the certificate that '{file}' asks for")} needs it: it is not replaced";
    }

    private string FreeStemIn(string folder)
    {
        if (commonName is null)
        {
            return "NAME";
        }

        string stem = FileStem.Of(commonName);
        return Enumerable.Range(1, int.MaxValue)
            .Select(number => number == 1 ? stem : string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}"))
            .First(name => !(set with { Stem = name }).OwnNames.Any(file => File.Exists(Path.Combine(folder, file))));
    }

    // A CSR only proposes a subject, and a request may add to it: then the common name decides.
    private bool IsOurs(DistinguishedName owner, bool isCertificate) => isCertificate && subject is not null
        ? owner.Matches(subject)
        : commonName is null || owner.Values(SubjectAttributes.CommonName.Oid).Any(name => FoldedName.OfLook(name) == FoldedName.OfLook(commonName));

    private static (DistinguishedName Owner, bool IsCertificate)? SubjectIn(string file)
    {
        try
        {
            using FileStream content = Local.Files.RegularFile.Open(file, followLink: false);
            byte[] octets = new byte[Math.Min(content.Length, MaxOctets)];
            content.ReadExactly(octets);
            if (CertificateDecoder.Decode(octets) is [{ Certificate: { } certificate }, ..])
            {
                return DistinguishedName.TryDecode(certificate.SubjectDer, out DistinguishedName? owner) ? (owner, true) : null;
            }

            return TextFile.TryRead(octets, out string? text, out _) && CertificateSigningRequest.TryParsePem(text, out CertificateSigningRequest? csr, out _)
                && DistinguishedName.TryDecode(csr.SubjectDer, out DistinguishedName? wanted) ? (wanted, false) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CommandFault)
        {
            return null;
        }
    }
}
