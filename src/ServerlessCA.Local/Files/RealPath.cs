namespace ServerlessCA.Local.Files;

/// <summary>Where a path really leads, every symbolic link on the way followed, as realpath(3) does.</summary>
public static class RealPath
{
    private const int MaxLinks = 40; // as Linux has it (path_resolution(7))

    /// <summary>The path without links; parts that do not exist stay as they are.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        string real = Path.GetPathRoot(full)!;
        var ahead = new Stack<string>(PartsOf(full).AsEnumerable().Reverse());
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
                throw new IOException($"'{path}' leads through more than {MaxLinks} symbolic links");
            }

            // The target counts from the link's folder, and may itself go through links: start over with it.
            string onward = Path.GetFullPath(target, real);
            real = Path.GetPathRoot(onward)!;
            foreach (string passed in PartsOf(onward).AsEnumerable().Reverse())
            {
                ahead.Push(passed);
            }
        }

        return real;
    }

    /// <summary>Whether one real path lies below another.</summary>
    public static bool IsBelow(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string[] PartsOf(string full) => full[Path.GetPathRoot(full)!.Length..]
        .Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
}
