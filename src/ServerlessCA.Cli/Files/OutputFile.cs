namespace ServerlessCA.Cli.Files;

/// <summary>Writes one file that an option names: whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Replaces the file, or makes it, readable by everybody.</summary>
    /// <exception cref="CommandFault">It cannot be written, or is a link.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        string? folder = path.Length == 0 ? null : Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is null || Path.EndsInDirectorySeparator(path))
        {
            throw CommandFault.Usage($"--out '{path}' is no file", "name a file");
        }

        if (!Directory.Exists(folder))
        {
            throw CommandFault.Usage($"--out '{path}': there is no folder '{folder}'", "make it, or choose another --out");
        }

        using OutputFolder output = OutputFolder.Open(folder);
        output.Stage(Path.GetFileName(path), content, FileModes.Open);
        output.CommitOne();
    }
}
