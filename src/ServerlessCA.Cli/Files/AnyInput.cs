namespace ServerlessCA.Cli.Files;

/// <summary>Reads a whole file, or standard input.</summary>
internal static class AnyInput
{
    /// <summary>How an argument names standard input.</summary>
    public const string Standard = "-";

    private const int MaxOctets = 64 * 1024 * 1024; // our decision: a scan of 10,000 items has about 50 MB

    /// <summary>The bytes.</summary>
    /// <param name="path">A file, or <see cref="Standard"/>.</param>
    /// <param name="terminal">Has standard input.</param>
    /// <param name="cancellation">Stops waiting for more.</param>
    /// <exception cref="CommandFault">It cannot be read, or is too large.</exception>
    public static async Task<byte[]> ReadAsync(string path, Terminal terminal, CancellationToken cancellation)
    {
        if (path != Standard)
        {
            return InputFile.Bytes(path, "input", MaxOctets);
        }

        using Stream input = terminal.Input();
        using var content = new MemoryStream();
        byte[] part = new byte[81_920];
        int read;
        while ((read = await input.ReadAsync(part, cancellation)) > 0)
        {
            content.Write(part, 0, read);
            if (content.Length > MaxOctets)
            {
                throw CommandFault.Usage($"standard input has more than {MaxOctets} bytes", "give less of it");
            }
        }

        return content.ToArray();
    }
}
