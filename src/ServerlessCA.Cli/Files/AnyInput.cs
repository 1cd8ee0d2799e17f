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
    /// <param name="here">Has standard input, and the time.</param>
    /// <param name="cancellation">Stops waiting for more.</param>
    /// <exception cref="CommandFault">It cannot be read, or is too large.</exception>
    public static async Task<byte[]> ReadAsync(string path, string option, int maxOctets, Surroundings here, CancellationToken cancellation)
    {
        if (path != Standard)
        {
            return await InputFile.BytesAsync(path, option, maxOctets, here.Clock, cancellation);
        }

        using Stream input = here.Terminal.Input();
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
