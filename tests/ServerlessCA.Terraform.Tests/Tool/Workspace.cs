using System.Text.Json;

namespace ServerlessCA.Terraform.Tests.Tool;

/// <summary>A copy of the module and the examples in a folder of its own, with a zip in place of the functions'. What
/// Terraform writes beside the configuration stays out of the repository.</summary>
internal sealed class Workspace : IAsyncDisposable
{
    private readonly DirectoryInfo root;

    private Workspace(string folder, string? root = null)
    {
        this.root = root is null ? Directory.CreateTempSubdirectory("terraform-") : new DirectoryInfo(root);
        Folder = Path.Combine(this.root.FullName, folder);
    }

    /// <summary>Where Terraform runs.</summary>
    public string Folder { get; }

    /// <summary>Copies, and chooses where to run.</summary>
    /// <param name="folder">From the repository's root, such as <c>examples/terraform/default</c>; it may be new.</param>
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

    /// <summary>An empty folder: what a person has who starts with nothing.</summary>
    public static Workspace Empty() => new("");

    /// <summary>A folder that is there, and goes with the workspace.</summary>
    /// <param name="root">It.</param>
    /// <param name="folder">Where Terraform runs in it.</param>
    public static Workspace At(string root, string folder) => new(folder, root);

    /// <summary>Writes a file of the configuration.</summary>
    public Workspace With(string file, string content)
    {
        string path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return this;
    }

    /// <summary>Runs Terraform; whatever its exit code.</summary>
    public Task<Run> RunAsync(params string[] options) => Run.OfAsync("terraform", Folder, [.. options]);

    /// <summary>Runs Terraform, which must end well.</summary>
    public async Task<string> DoAsync(params string[] options)
    {
        Run run = await RunAsync(options);
        Assert.True(run.ExitCode == 0, $"terraform {string.Join(' ', options)}: {run.Text}");
        return run.Output;
    }

    /// <summary>What an expression comes to, as <c>terraform console</c> prints it.</summary>
    public async Task<string> AskAsync(string expression, params string[] options)
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
