namespace ServerlessCA.Local.Tests;

/// <summary>A folder of one test, deleted after it.</summary>
public sealed class TestFolder : IDisposable
{
    public TestFolder() => Path = Directory.CreateTempSubdirectory("serverless-ca-local-").FullName;

    /// <summary>The folder, mode 0700.</summary>
    public string Path { get; }

    /// <summary>A path in it.</summary>
    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
