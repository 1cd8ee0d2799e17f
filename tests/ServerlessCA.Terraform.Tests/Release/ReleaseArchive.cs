using System.IO.Compression;
using System.Xml.Linq;
using ServerlessCA.Terraform.Tests.Release;

[assembly: AssemblyFixture(typeof(ReleaseArchive))]

namespace ServerlessCA.Terraform.Tests.Release;

/// <summary>Packs the module's archive as a release has it, once, by <c>eng/module-archive</c>. The functions' zips are
/// those that <c>make lambda</c> built, or stand-ins: planning reads only their digest.</summary>
public sealed class ReleaseArchive : IAsyncDisposable
{
    /// <summary>The runtimes that a functions' zip may be made for.</summary>
    internal static readonly string[] Runtimes = ["linux-x64", "linux-arm64"];

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("release-");
    private readonly SemaphoreSlim once = new(1);
    private string? packed;

    /// <summary>The version of the sources.</summary>
    internal static string Version { get; } = XDocument.Load(Repository.At("Directory.Build.props")).Descendants("Version").Single().Value;

    /// <summary>The archive's name.</summary>
    internal static string Name { get; } = $"serverless-ca-terraform-{Version}.zip";

    /// <summary>Returns its path.</summary>
    internal async Task<string> PathAsync()
    {
        await once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return packed ??= await PackAsync();
        }
        finally
        {
            once.Release();
        }
    }

    /// <summary>Unpacks it into a new folder.</summary>
    /// <param name="leftOut">An entry that is left out, if any.</param>
    internal async Task<string> UnpackAsync(string? leftOut = null)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root.FullName, Guid.NewGuid().ToString("N"))).FullName;
        await ZipFile.ExtractToDirectoryAsync(await PathAsync(), folder, TestContext.Current.CancellationToken);
        if (leftOut is not null)
        {
            File.Delete(Path.Combine(folder, leftOut));
        }

        return folder;
    }

    /// <summary>Makes a new folder with a zip of the functions for each of some runtimes.</summary>
    internal string Functions(params string[] runtimes)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root.FullName, Guid.NewGuid().ToString("N"))).FullName;
        foreach (string name in runtimes.Select(runtime => $"serverless-ca-{runtime}.zip"))
        {
            string built = Repository.At("artifacts", "lambda", name);
            if (File.Exists(built))
            {
                File.Copy(built, Path.Combine(folder, name));
            }
            else
            {
                File.WriteAllText(Path.Combine(folder, name), "no zip, but nobody here opens it");
            }
        }

        return folder;
    }

    /// <summary>Packs an archive, or fails.</summary>
    internal static Task<Run> PackAsync(string functions, string output) => Run.OfAsync(
        "python3", Path.GetDirectoryName(output)!, [Repository.At("eng", "module-archive"), functions, Repository.At("LICENSE"), output]);

    public ValueTask DisposeAsync()
    {
        once.Dispose();
        root.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<string> PackAsync()
    {
        ForeignProgram.SkipUnlessInstalled("python3");
        string archive = Path.Combine(root.FullName, Name);
        Run run = await PackAsync(Functions(Runtimes), archive);
        Assert.True(run.ExitCode == 0, run.Text);
        return archive;
    }
}
