using ServerlessCA.Cli.Files;

namespace ServerlessCA.Cli.Requesting;

/// <summary>A file of a set before it is written. Immutable.</summary>
/// <param name="Key">What it holds, in JSON.</param>
/// <param name="Label">What it holds, for people.</param>
/// <param name="Name">Without its folder.</param>
/// <param name="Content">All of it.</param>
/// <param name="IsSecret">Whether it holds a private key.</param>
internal sealed record FileToWrite(string Key, string Label, string Name, byte[] Content, bool IsSecret)
{
    /// <summary>Who may read it.</summary>
    public UnixFileMode Mode => IsSecret ? FileModes.Secret : FileModes.Open;
}
