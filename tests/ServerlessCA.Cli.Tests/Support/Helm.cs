using System.IO.Compression;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Runs helm: the one of this machine, or the one of a package of npm that AWS makes for its functions (linux-x64).</summary>
public static class Helm
{
    private static readonly string Layer = Repository.At("tests", "judges", "node_modules", "@aws-cdk", "asset-kubectl-v20", "lib", "layer.zip");

    private static readonly Lazy<string> Unpacked = new(Unpack);

    /// <summary>Runs it; skips the test, with the reason, where there is none.</summary>
    public static (int ExitCode, string Output) Run(params string[] arguments)
    {
        if (ForeignProgram.IsInstalled("helm"))
        {
            return ForeignProgram.Run("helm", arguments);
        }

        Assert.SkipUnless(File.Exists(Layer), "helm is not installed, and npm ci --prefix tests/judges has not run");
        return ForeignProgram.Run(Unpacked.Value, arguments);
    }

    private static string Unpack()
    {
        string folder = Directory.CreateTempSubdirectory("serverless-ca-tests-helm-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        string program = Path.Combine(folder, "helm");
        using ZipArchive layer = ZipFile.OpenRead(Layer);
        layer.Entries.Single(entry => entry.FullName == "helm/helm").ExtractToFile(program);
        Modes.Set(program, "0700");
        return program;
    }
}
