using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ServerlessCA.Local.Files;

/// <summary>A key that stays inside its store on every system: parts between forward slashes, none of them empty,
/// beginning with a dot (so neither <c>..</c> nor our own lock and temporary files), or with a meaning of its own
/// to Windows. Immutable.</summary>
internal sealed record StoreKey
{
    private const int MaxOctets = 1024; // as S3 has it: what works here works there
    private const int MaxPartOctets = 255; // NAME_MAX of the usual file systems

    private static readonly SearchValues<char> Unsafe = SearchValues.Create("/\\:*?\"<>|");

    // Devices on Windows, with or without an extension.
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

    private StoreKey(string[] parts) => Parts = parts;

    /// <summary>The parts, outermost first; at least one.</summary>
    public IReadOnlyList<string> Parts { get; }

    /// <summary>Reads a key; false when it would leave the store.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out StoreKey? key)
    {
        string[] parts = text.Split('/');
        bool safe = text.Length <= MaxOctets && Array.TrueForAll(parts, IsSafe) && OctetsOf(text) <= MaxOctets;
        key = safe ? new StoreKey(parts) : null;
        return safe;
    }

    /// <summary>Whether a text can be one file's name in a store.</summary>
    public static bool IsSafe(string part) =>
        part.Length > 0
        && part[0] != '.'
        && part[^1] is not ('.' or ' ')
        && !part.Any(char.IsControl)
        && !part.AsSpan().ContainsAny(Unsafe)
        && OctetsOf(part) <= MaxPartOctets
        && !IsDevice(part);

    // A lone surrogate has no octets: it would be written as another name than the one asked for.
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
