namespace ServerlessCA.Cli.Files;

/// <summary>Reads a whole file, or standard input.</summary>
internal static class AnyInput
{
    /// <summary>How an argument names standard input.</summary>
    public const string Standard = "-";

    /// <summary>The bytes.</summary>
    /// <param name="path">A file, or <see cref="Standard"/>.</param>
    /// <param name="option">The option's name, for messages.</param>
    /// <param name="maxOctets">More is refused.</param>
    /// <param name="terminal">Has standard input.</param>
    /// <param name="cancellation">Stops waiting for more.</param>
    /// <exception cref="CommandFault">It cannot be read, or is too large.</exception>
    public static async Task<byte[]> ReadAsync(string path, string option, int maxOctets, Terminal terminal, CancellationToken cancellation)
    {
        if (path != Standard)
        {
            return InputFile.Bytes(path, option, maxOctets);
        }

        using Stream input = terminal.Input();
        using var content = new MemoryStream();
        byte[] part = new byte[81_920];
        int read;
        while ((read = await input.ReadAsync(part, cancellation)) > 0)
        {
            content.Write(part, 0, read);
            if (content.Length > maxOctets)
            {
                throw CommandFault.Usage($"standard input has more than {maxOctets} bytes", "give less of it");
            }
        }

        return content.ToArray();
    }
}
