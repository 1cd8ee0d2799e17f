using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

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

    /// <summary>Begins.</summary>
    /// <param name="output">Where to; it stays open.</param>
    /// <param name="passphrase">Null: not encrypted.</param>
    /// <param name="created">The time that all files get.</param>
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

    /// <summary>Adds a file that nobody changes meanwhile.</summary>
    /// <param name="name">One that <see cref="BackupLayout.Allows"/>.</param>
    /// <param name="content">Read twice, from its beginning.</param>
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

    /// <summary>Lets go; what is not finished is no backup.</summary>
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
