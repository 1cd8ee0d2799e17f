using System.Text.Json.Nodes;

namespace ServerlessCA.Cli.Requesting;

/// <summary>A file that a command wrote. Immutable.</summary>
/// <param name="Key">What it holds, in JSON.</param>
/// <param name="Label">What it holds, for people.</param>
/// <param name="Path">Where it is.</param>
internal sealed record WrittenFile(string Key, string Label, string Path)
{
    /// <summary>Files by what they hold; absolute paths, for programs that run elsewhere.</summary>
    public static JsonObject ToJson(IEnumerable<WrittenFile> files)
    {
        var json = new JsonObject();
        foreach (WrittenFile file in files)
        {
            json[file.Key] = System.IO.Path.GetFullPath(file.Path);
        }

        return json;
    }
}
