namespace ServerlessCA.Testing;

/// <summary>A folder for one test, which is deleted after it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Is the folder, mode 0700.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("serverless-ca-tests-").FullName;

    /// <summary>Returns a path in it.</summary>
    public string At(params ReadOnlySpan<string> names) => System.IO.Path.Combine([Path, .. names]);

    /// <summary>Reads a file of text.</summary>
    public string Read(params ReadOnlySpan<string> names) => File.ReadAllText(At(names));

    /// <summary>Writes a file of text, makes its folders and returns its path.</summary>
    /// <param name="name">With forward slashes.</param>
    /// <param name="text">What the file holds.</param>
    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file of bytes, makes its folders and returns its path.</summary>
    /// <param name="name">With forward slashes.</param>
    /// <param name="bytes">What the file holds.</param>
    public string Write(string name, ReadOnlyMemory<byte> bytes)
    {
        string path = At(name.Split('/'));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes.Span);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
