namespace ServerlessCA.Cli.Tests.Support;

/// <summary>A folder of its own for one test, gone with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("serverless-ca-cli-").FullName;

    public string At(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public string Read(params string[] names) => File.ReadAllText(At(names));

    public string Write(string name, string text)
    {
        string path = At(name.Split('/'));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
