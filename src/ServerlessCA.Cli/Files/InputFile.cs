using System.Text;

namespace ServerlessCA.Cli.Files;

/// <summary>Reads small files that options name.</summary>
internal static class InputFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes.</summary>
    /// <param name="path">As the option has it.</param>
    /// <param name="option">The option's name, for messages.</param>
    /// <param name="maxOctets">Larger files are refused.</param>
    /// <exception cref="CommandFault">It cannot be read, or is too large.</exception>
    public static byte[] Bytes(string path, string option, int maxOctets)
    {
        if (path.Length == 0)
        {
            throw CommandFault.Usage($"{option} names no file", "name one");
        }

        if (Directory.Exists(path))
        {
            throw CommandFault.Usage($"{option} '{path}' is a folder", "name a file");
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            // A pipe has no length: it gets the most that may come.
            byte[] buffer = new byte[(file.CanSeek ? Math.Min(file.Length, maxOctets) : maxOctets) + 1];
            int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length < buffer.Length ? buffer[..length] : throw CommandFault.Usage(
                $"{option} '{path}' has more than {maxOctets} bytes", "name the right file");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CommandFault.Usage($"{option} '{path}': there is no such file", "check the path");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CommandFault.Fault($"{option} '{path}' cannot be read: {fault.Message}", "check what it is and who may read it", fault);
        }
    }

    /// <summary>The text, UTF-8.</summary>
    /// <exception cref="CommandFault">It cannot be read, is too large or no text.</exception>
    public static string Text(string path, string option, int maxOctets) => TextOf(Bytes(path, option, maxOctets), $"{option} '{path}'");

    /// <summary>The text of bytes that were read, UTF-8.</summary>
    /// <param name="octets">The bytes.</param>
    /// <param name="source">Where they came from, for messages.</param>
    /// <exception cref="CommandFault">They are no text.</exception>
    public static string TextOf(byte[] octets, string source)
    {
        try
        {
            return Strict.GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            throw CommandFault.Usage($"{source} is not UTF-8 text", "name the right file");
        }
    }
}
