using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Backups;

/// <summary>Writes the archive of a backup, one file after the other.</summary>
internal sealed class BackupWriter : IDisposable
{
    private readonly Stream? cipher;
    private readonly GZipStream gzip;
    private readonly TarWriter tar;
    private readonly DateTimeOffset created;
    private readonly StringBuilder sums = new();
    private bool ended;

    /// <summary>Begins the archive.</summary>
    /// <param name="output">The stream that the archive is written to. It stays open.</param>
    /// <param name="passphrase">Encrypts the archive; null: it is not encrypted.</param>
    /// <param name="created">The modification time of all files in the archive.</param>
    public BackupWriter(Stream output, string? passphrase, DateTimeOffset created)
    {
        this.created = created;
        cipher = passphrase is null ? null : BackupCipher.Encrypt(output, passphrase);
        gzip = new GZipStream(cipher ?? output, CompressionLevel.Optimal, leaveOpen: true);
        tar = new TarWriter(gzip, TarEntryFormat.Pax, leaveOpen: true);
    }

    /// <summary>Adds a file.</summary>
    public void Add(string name, byte[] content)
    {
        using var stream = new MemoryStream(content, writable: false);
        Add(name, stream);
    }

    /// <summary>Adds a file whose content does not change meanwhile.</summary>
    /// <param name="name">One that <see cref="BackupLayout.Allows"/>.</param>
    /// <param name="content">It is read twice, from its beginning.</param>
    public void Add(string name, Stream content)
    {
        sums.Append(Convert.ToHexStringLower(SHA256.HashData(content))).Append("  ").Append(name).Append('\n');
        content.Position = 0;
        WriteEntry(name, content);
    }

    /// <summary>Writes the digests and the end of the archive.</summary>
    public void Finish()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(sums.ToString()), writable: false);
        WriteEntry(BackupLayout.Sums, stream);
        Dispose();
    }

    /// <summary>Closes the archive. Without <see cref="Finish"/> it is no whole backup.</summary>
    public void Dispose()
    {
        if (ended)
        {
            return;
        }

        ended = true;
        tar.Dispose();
        gzip.Dispose();
        cipher?.Dispose();
    }

    private void WriteEntry(string name, Stream content) => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
    {
        DataStream = content,
        Mode = BackupLayout.ModeOf(name),
        ModificationTime = created,
    });
}

/// <summary>Reads the archive of a backup. The file may be damaged, or something else altogether. Only entries that a
/// backup may have are taken, as regular files, and only if their digests are in the archive.</summary>
internal static class BackupReader
{
    private const int MaxListOctets = 64 << 20; // our decision: digests of some 500,000 files

    /// <summary>Says whether an archive is encrypted.</summary>
    public static bool IsEncrypted(Stream archive)
    {
        int first = archive.ReadByte();
        archive.Position = 0;
        return BackupCipher.Begins(first);
    }

    /// <summary>Reads an archive to its end and compares every digest.</summary>
    /// <param name="archive">Read from its beginning.</param>
    /// <param name="passphrase">Decrypts the archive; null: it is not encrypted.</param>
    /// <param name="folder">Gets the files; null: they are only checked.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="BackupUnusableException">It is no whole backup, or the passphrase is another.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static BackupFacts Read(Stream archive, string? passphrase, string? folder, CancellationToken cancellation)
    {
        using Stream? plain = passphrase is null ? null : BackupCipher.Decrypt(archive, passphrase);
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        byte[]? facts = null, sums = null;
        try
        {
            using var gzip = new GZipStream(plain ?? archive, CompressionMode.Decompress, leaveOpen: true);
            using var tar = new TarReader(gzip, leaveOpen: true);
            while (tar.GetNextEntry() is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!BackupLayout.Allows(entry.Name) || entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || found.ContainsKey(entry.Name))
                {
                    throw new BackupUnusableException($"'{entry.Name}' is nothing that a backup has, or is in it twice. Use another backup.");
                }

                Stream content = entry.DataStream ?? Stream.Null;
                switch (entry.Name)
                {
                    case BackupLayout.Sums:
                        sums = ReadAll(content);
                        break;
                    case BackupLayout.Facts:
                        facts = ReadAll(content);
                        found.Add(entry.Name, Convert.ToHexStringLower(SHA256.HashData(facts)));
                        break;
                    default:
                        found.Add(entry.Name, Copy(content, folder, entry.Name));
                        break;
                }
            }

            gzip.CopyTo(Stream.Null); // the checksum of gzip stands behind the archive
        }
        catch (NotWrittenException full)
        {
            ExceptionDispatchInfo.Throw(full.InnerException!);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException or InvalidOperationException
            || (plain is not null && BackupCipher.IsFault(error)))
        {
            throw new BackupUnusableException($"it is damaged, cut off, or no backup: {error.Message.TrimEnd('.')}. Use another backup.", error);
        }

        Compare(found, sums);
        return BackupFacts.Read(facts ?? throw new BackupUnusableException($"it has no {BackupLayout.Facts}. Use another backup."));
    }

    private static void Compare(SortedDictionary<string, string> found, byte[]? sums)
    {
        if (sums is null)
        {
            throw new BackupUnusableException($"it has no {BackupLayout.Sums}: it was cut off, or is no backup. Use another backup.");
        }

        string expected = string.Concat(Encoding.UTF8.GetString(sums).Split('\n').Order(StringComparer.Ordinal));
        string there = string.Concat(found.Select(file => $"{file.Value}  {file.Key}").Order(StringComparer.Ordinal));
        if (expected != there)
        {
            throw new BackupUnusableException($"its files are not those of its {BackupLayout.Sums}: it is damaged. Use another backup.");
        }
    }

    private static string Copy(Stream content, string? folder, string name)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Stream? opened = null;
        Writing(() => opened = folder is null ? Stream.Null : Create(folder, name));
        using Stream file = opened!;
        byte[] part = new byte[81_920];
        for (int read = content.Read(part); read > 0; read = content.Read(part))
        {
            hash.AppendData(part, 0, read);
            Writing(() => file.Write(part, 0, read));
        }

        Writing(() => (file as FileStream)?.Flush(flushToDisk: true));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // A full disk does not mean that the backup is damaged.
    private static void Writing(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NotWrittenException(error);
        }
    }

    private static FileStream Create(string folder, string name)
    {
        string path = Path.Combine([folder, .. name.Split('/')]);
        UnixFileMode mode = BackupLayout.ModeOf(name);
        DurableFolder.Create(Path.GetDirectoryName(path)!, mode == Access.WorldFile ? Access.WorldFolder : Access.OwnerFolder);
        return new FileStream(path, Access.Opening(FileMode.CreateNew, FileShare.None, mode));
    }

    private static byte[] ReadAll(Stream content)
    {
        using var all = new MemoryStream();
        byte[] part = new byte[81_920];
        for (int read = content.Read(part); read > 0; read = content.Read(part))
        {
            all.Write(part, 0, read);
            if (all.Length > MaxListOctets)
            {
                throw new BackupUnusableException("its list of files is too long. Use another backup.");
            }
        }

        return all.ToArray();
    }

    private sealed class NotWrittenException(Exception cause) : Exception(cause.Message, cause);
}
