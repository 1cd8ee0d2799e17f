namespace ServerlessCA.Local.Files;

/// <summary>Where a file should be there is something else.</summary>
/// <param name="kind">Such as <c>a pipe</c>.</param>
public sealed class NotRegularException(string kind) : IOException($"it is {kind}, only regular files are read")
{
    // st_mode of stat(2), the same numbers on every Unix.
    private const int TypeMask = 0xF000;
    private const int Pipe = 0x1000;
    private const int CharacterDevice = 0x2000;
    private const int Folder = 0x4000;
    private const int BlockDevice = 0x6000;
    private const int Regular = 0x8000;
    private const int Socket = 0xC000;

    /// <summary>Returns if a mode is that of a regular file.</summary>
    /// <exception cref="NotRegularException">It is not.</exception>
    internal static void ThrowUnlessRegular(int mode)
    {
        string? kind = (mode & TypeMask) switch
        {
            Regular => null,
            Pipe => "a pipe",
            CharacterDevice or BlockDevice => "a device",
            Folder => "a folder",
            Socket => "a socket",
            _ => "something unknown",
        };
        if (kind is not null)
        {
            throw new NotRegularException(kind);
        }
    }
}
