using System.Text.Json;

namespace ServerlessCA.Terraform.Tests.Tool;

/// <summary>Copies the module and the examples into a folder of its own, with a zip in place of the functions'. What
/// Terraform writes beside the configuration stays out of the repository.</summary>
internal sealed class Workspace : IAsyncDisposable
{
    private readonly DirectoryInfo root;

    private Workspace(string folder, string? root = null)
    {
        this.root = root is null ? Directory.CreateTempSubdirectory("terraform-") : new DirectoryInfo(root);
        Folder = Path.Combine(this.root.FullName, folder);
    }

    /// <summary>The folder in which Terraform runs.</summary>
    public string Folder { get; }

    /// <summary>Copies, and chooses where to run.</summary>
    /// <param name="folder">A path from the repository's root, such as <c>examples/terraform/default</c>; it may be
    /// new.</param>
    public static Workspace Of(string folder)
    {
        var workspace = new Workspace(folder);
        foreach (string copied in (string[])["terraform", "examples/terraform", "examples/agent"])
        {
            Copy(Repository.At(copied), Path.Combine(workspace.root.FullName, copied));
        }

        string package = Path.Combine(workspace.root.FullName, "terraform", "package");
        Directory.CreateDirectory(package);
        File.WriteAllText(Path.Combine(package, "serverless-ca-linux-x64.zip"), "no zip, but nobody here opens it");
        Directory.CreateDirectory(workspace.Folder);
        return workspace;
    }

    /// <summary>Makes an empty folder, as a person has who starts with nothing.</summary>
    public static Workspace Empty() => new("");

    /// <summary>Uses an existing folder, which is deleted with the workspace.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="folder">The folder in it in which Terraform runs.</param>
    public static Workspace At(string root, string folder) => new(folder, root);

    /// <summary>Writes a file of the configuration.</summary>
    public Workspace With(string file, string content)
    {
        string path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return this;
    }

    /// <summary>Runs Terraform, whatever its exit code.</summary>
    public Task<Run> RunAsync(params string[] options) => Run.OfAsync("terraform", Folder, [.. options]);

    /// <summary>Runs Terraform, which must succeed.</summary>
    public async Task<string> DoAsync(params string[] options)
    {
        Run run = await RunAsync(options);
        Assert.True(run.ExitCode == 0, $"terraform {string.Join(' ', options)}: {run.Text}");
        return run.Output;
    }

    /// <summary>Evaluates an expression, as <c>terraform console</c> prints it.</summary>
    public async Task<string> EvaluateAsync(string expression, params string[] options)
    {
        Run run = await Run.OfAsync("terraform", Folder, ["console", .. options], expression);
        Assert.True(run.ExitCode == 0, $"terraform console: {run.Text}");
        return run.Output;
    }

    /// <summary>Reads a plan or, without a file, the state.</summary>
    public async Task<JsonElement> ShowAsync(params string[] plan) => JsonElement.Parse(await DoAsync(["show", "-json", .. plan]));

    public ValueTask DisposeAsync()
    {
        root.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static void Copy(string from, string to)
    {
        if (!Directory.Exists(from))
        {
            return;
        }

        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from).Where(file => !Path.GetFileName(file).StartsWith(".terraform", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (string folder in Directory.EnumerateDirectories(from).Where(folder => Path.GetFileName(folder) is not (".terraform" or "package")))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }
}

/// <summary>Holds one resource of a state.</summary>
/// <param name="Address">For instance <c>module.ca.aws_sns_topic.notifications</c>.</param>
/// <param name="Type">For instance <c>aws_sns_topic</c>.</param>
/// <param name="Values">The attributes of the resource.</param>
internal sealed record Resource(string Address, string Type, JsonElement Values)
{
    /// <summary>Returns an attribute that is a text.</summary>
    public string Text(string attribute) => Values.GetProperty(attribute).GetString()!;

    /// <summary>Lists every resource of a state, in the form of <c>terraform show -json</c>.</summary>
    public static IReadOnlyList<Resource> AllOf(JsonElement state) => [.. Of(state.GetProperty("values").GetProperty("root_module"))];

    private static IEnumerable<Resource> Of(JsonElement module)
    {
        foreach (JsonElement resource in List(module, "resources").Where(resource => resource.GetProperty("mode").GetString() == "managed"))
        {
            yield return new Resource(
                resource.GetProperty("address").GetString()!, resource.GetProperty("type").GetString()!, resource.GetProperty("values"));
        }

        foreach (Resource resource in List(module, "child_modules").SelectMany(Of))
        {
            yield return resource;
        }
    }

    private static JsonElement.ArrayEnumerator List(JsonElement module, string name) =>
        module.TryGetProperty(name, out JsonElement list) ? list.EnumerateArray() : default;
}
