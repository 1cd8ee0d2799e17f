using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Files;

/// <summary>Reads a folder as a store, which maps keys to files, and nothing outside the folder.</summary>
internal sealed class StoreFolder(string root, long maxBytes)
{
    private const long BytesPerMebibyte = 1 << 20;

    /// <summary>The folder as the operator gave it.</summary>
    public string Root => root;

    /// <summary>Reads a file; null if there is none or the key would leave the folder.</summary>
    /// <exception cref="FilesUnavailableException">There may be one, but it cannot be read.</exception>
    public StoredFile? Read(string key)
    {
        if (!StoreKey.TryParse(key, out StoreKey? parsed))
        {
            return null;
        }

        try
        {
            return IsAbsent(parsed) ? null : Locate(parsed) is { } path ? ReadWhole(path) : null;
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

    /// <summary>Returns the real path that a key stands for, whether or not the file exists; null if links lead
    /// outside.</summary>
    public string? Locate(StoreKey key)
    {
        string realRoot = RealPath.Of(root);
        string path = RealPath.Below(realRoot, key.Parts);
        return RealPath.IsBelow(path, realRoot) ? path : null;
    }

    /// <summary>Says whether a key without a file is a link to nowhere, or lies behind a link that leads
    /// outside.</summary>
    public bool IsLostLink(string key) => StoreKey.TryParse(key, out StoreKey? parsed) && !IsAbsent(parsed)
        && (new FileInfo(Path.Combine([root, .. parsed.Parts])).LinkTarget is not null || Locate(parsed) is null);

    /// <summary>Returns the version of a content: its SHA-256, in hex.</summary>
    public static string VersionOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    // Where the folder itself has nothing of that name, not even a link, no link can lead anywhere: most calls look for a file in
    // vain, and would resolve the whole path twice for it.
    private bool IsAbsent(StoreKey key) => key.Parts.Count == 1 && !Access.Exists(Path.Combine(root, key.Parts[0]));

    private StoredFile ReadWhole(string path)
    {
        // Reading takes no lock, so that it never stops a writer. All links were resolved before: one that is there now
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

/// <summary>A key that stays inside its store on every system. It consists of parts between forward slashes. No part is
/// empty, begins with a dot (so neither <c>..</c> nor our own lock and temporary files are keys), or has a special
/// meaning on Windows. Immutable.</summary>
internal sealed record StoreKey
{
    private const int MaxOctets = 1024; // the limit of S3: what works here works there
    private const int MaxPartOctets = 255; // NAME_MAX of the usual file systems

    private static readonly SearchValues<char> Unsafe = SearchValues.Create("/\\:*?\"<>|");

    // Devices on Windows, with or without an extension.
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

    private StoreKey(string[] parts) => Parts = parts;

    /// <summary>The parts, outermost first. There is at least one.</summary>
    public IReadOnlyList<string> Parts { get; }

    /// <summary>Reads a key; false if it would leave the store.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out StoreKey? key)
    {
        string[] parts = text.Split('/');
        bool safe = text.Length <= MaxOctets && Array.TrueForAll(parts, IsSafe) && OctetsOf(text) <= MaxOctets;
        key = safe ? new StoreKey(parts) : null;
        return safe;
    }

    /// <summary>Says whether a text can be the name of one file in a store.</summary>
    public static bool IsSafe(string part) =>
        part.Length > 0
        && part[0] != '.'
        && part[^1] is not ('.' or ' ')
        && !part.Any(char.IsControl)
        && !part.AsSpan().ContainsAny(Unsafe)
        && OctetsOf(part) <= MaxPartOctets
        && !IsDevice(part);

    // A lone surrogate has no octets: it would be written as another name than the requested one.
    private static int OctetsOf(string text)
    {
        try
        {
            return Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            return int.MaxValue;
        }
    }

    private static UTF8Encoding Strict { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static bool IsDevice(string part)
    {
        string name = part.Split('.')[0].TrimEnd(' ');
        string letters = name.Length == 4 && char.IsAsciiDigit(name[3]) ? name[..3] : name;
        bool numbered = letters.Length < name.Length;
        return Devices.Any(device => device.Equals(letters, StringComparison.OrdinalIgnoreCase)
            && numbered == (device is "COM" or "LPT"));
    }
}

/// <summary>Resolves paths: it follows every symbolic link, as realpath(3) does.</summary>
public static class RealPath
{
    private const int MaxLinks = 40; // the limit of Linux (path_resolution(7))

    /// <summary>Returns the path without links. Parts that do not exist stay as they are.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        return Below(Path.GetPathRoot(full)!, PartsOf(full));
    }

    /// <summary>Returns the path without links of what lies below a folder.</summary>
    /// <param name="folder">A path without links.</param>
    /// <param name="parts">The parts below it, outermost first; links among them may lead elsewhere.</param>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    internal static string Below(string folder, IReadOnlyList<string> parts)
    {
        string real = folder;
        var ahead = new Stack<string>(parts.Reverse());
        int links = 0;
        while (ahead.TryPop(out string? part))
        {
            string next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"'{Path.Combine([folder, .. parts])}' leads through more than {MaxLinks} symbolic links");
            }

            // The target is relative to the link's folder, and may itself go through links: resolve it from the start.
            string onward = Path.GetFullPath(target, real);
            real = Path.GetPathRoot(onward)!;
            foreach (string passed in PartsOf(onward).AsEnumerable().Reverse())
            {
                ahead.Push(passed);
            }
        }

        return real;
    }

    /// <summary>Says whether one real path lies below another.</summary>
    public static bool IsBelow(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string[] PartsOf(string full) => full[Path.GetPathRoot(full)!.Length..]
        .Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
}
