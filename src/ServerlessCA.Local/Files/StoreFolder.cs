using System.Security.Cryptography;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Files;

/// <summary>A folder read as a store: keys to files, and nothing outside the folder.</summary>
internal sealed class StoreFolder(string root, long maxBytes)
{
    private const long BytesPerMebibyte = 1 << 20;

    /// <summary>As the operator gave it.</summary>
    public string Root => root;

    /// <summary>Reads a file; null when there is none or the key would leave the folder.</summary>
    /// <exception cref="FilesUnavailableException">There may be one, but it cannot be read.</exception>
    public StoredFile? Read(string key)
    {
        if (!StoreKey.TryParse(key, out StoreKey? parsed))
        {
            return null;
        }

        try
        {
            return Locate(parsed) is { } path ? ReadWhole(path) : null;
        }
        catch (NotRegularException other)
        {
            throw new FilesUnavailableException($"'{Path.Combine(root, key)}' cannot be read: {other.Message}. Put a regular file there.", other) { IsUnfit = true };
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FilesUnavailableException(
                $"'{Path.Combine(root, key)}' cannot be read: {error.Message.TrimEnd('.')}. Check the disk and who may read the file.", error);
        }
    }

    /// <summary>The real path a key stands for, whether or not the file exists; null when links lead outside.</summary>
    public string? Locate(StoreKey key)
    {
        string realRoot = RealPath.Of(root);
        string path = RealPath.Of(Path.Combine([realRoot, .. key.Parts]));
        return RealPath.IsBelow(path, realRoot) ? path : null;
    }

    /// <summary>Whether a key for which there is no file is a link all the same, or lies behind one that leads outside.</summary>
    public bool IsLostLink(string key) => StoreKey.TryParse(key, out StoreKey? parsed)
        && (new FileInfo(Path.Combine([root, .. parsed.Parts])).LinkTarget is not null || Locate(parsed) is null);

    /// <summary>The version of a content: its SHA-256, in hex.</summary>
    public static string VersionOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private StoredFile ReadWhole(string path)
    {
        // It takes no lock, so that reading never stops a writer. All links were followed before: one that is there now
        // was put there since, and may lead anywhere.
        using FileStream file = RegularFile.Open(path, followLink: false);
        long length = file.Length;
        if (length > maxBytes)
        {
            throw new FilesUnavailableException(
                $"'{path}' has {length} bytes; at most {maxBytes / BytesPerMebibyte} MiB are read. Make it smaller or remove it.") { IsUnfit = true };
        }

        byte[] content = new byte[length];
        file.ReadExactly(content);
        return new StoredFile(content, VersionOf(content));
    }
}
