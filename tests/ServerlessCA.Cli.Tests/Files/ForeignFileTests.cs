using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Files;

/// <summary>Tests that links and files of other users stay when a command would write in their place. For <c>request</c> see
/// <see cref="Commands.RequestFaultTests"/> and <see cref="Commands.RequestDiskTests"/>.</summary>
public sealed class ForeignFileTests
{
    [Theory]
    [InlineData("csr", "client-cert-key.pem", "is a symbolic link: links are neither followed nor replaced")]
    [InlineData("csr", "client-cert.csr", "is a symbolic link: links are neither followed nor replaced")]
    [InlineData("decode", "a.pem", "is a symbolic link: links are neither followed nor replaced")]
    [InlineData("agent", "client-cert-key.pem", "was not made by an agent: it is not replaced")]
    [InlineData("agent", "client-cert-combined.pem", "was not made by an agent: it is not replaced")]
    public async Task A_link_is_neither_followed_nor_replaced(string command, string name, string message)
    {
        using Session session = await new Session().WithCaAsync();
        string target = session.Folder.Write("target", "precious");
        string link = Path.Combine(Directory.CreateDirectory(session.Certs).FullName, name);
        File.CreateSymbolicLink(link, target);

        Result result = await RunAsync(session, command);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.StartsWith($"error: '{link}' {message}\nhint: ", result.Error, StringComparison.Ordinal);
        Assert.Equal(target, new FileInfo(link).LinkTarget);
        Assert.Equal("precious", File.ReadAllText(target));
        Assert.Equal([name], Directory.EnumerateFiles(session.Certs).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("csr", "client-cert-key.pem", "belongs to another user (uid 4242): it is not replaced")]
    [InlineData("decode", "a.pem", "belongs to another user (uid 4242): it is not replaced")]
    [InlineData("agent", "client-cert-key.pem", "was not made by an agent: it is not replaced")]
    public async Task A_file_of_another_user_is_not_replaced(string command, string name, string message)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can give files away, and only on Linux do we know whose they are");
        using Session session = await new Session().WithCaAsync();
        string file = session.Folder.Write($"certs/{name}", "theirs");
        Assert.Equal(0, ForeignProgram.Run("chown", "4242", file).ExitCode);

        Result result = await RunAsync(session, command);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.StartsWith($"error: '{file}' {message}\nhint: ", result.Error, StringComparison.Ordinal);
        Assert.Equal("theirs", File.ReadAllText(file));
        Assert.Equal([name], Directory.EnumerateFiles(session.Certs).Select(Path.GetFileName));
    }

    // The folder's mode is 0555 and the user is not root: nothing can be written there.
    [Theory]
    [InlineData("request")]
    [InlineData("csr")]
    [InlineData("agent", "--once", "--patience", "0s")]
    public async Task A_folder_that_may_not_be_written_to_is_one_message(string command, params string[] options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can become another user");
        using Session session = await new Session().WithCaAsync();
        string program = session.Folder.At("program");
        Assert.Equal(0, ForeignProgram.Run("cp", "-r", AppContext.BaseDirectory, program).ExitCode); // to a place that another user may read
        Assert.Equal(0, ForeignProgram.Run("chown", "-R", "4242", session.Folder.Path).ExitCode);
        Directory.CreateDirectory(session.Certs);
        string[] location = command == "csr" ? [] : ["--ca", $"local:{session.Data}"];

        (int exitCode, string output) = ForeignProgram.Run(
            "setpriv", ["--reuid", "4242", "--clear-groups", "env", $"HOME={session.Folder.Path}", $"DOTNET_ROOT={Executable.DotnetRoot}",
                Path.Combine(program, "serverless-ca"), command, "--common-name", "a", "--out", session.Certs, .. location, .. options]);

        Assert.True(exitCode == ExitCode.Fault, output);
        Assert.Contains($"error: {(command == "agent" ? "" : "files cannot be written to ")}'{session.Certs}'", output, StringComparison.Ordinal);
        Assert.Contains("denied", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(session.Certs));
    }

    private static async Task<Result> RunAsync(Session session, string command) => command switch
    {
        "csr" => await session.RunRawAsync("csr", "--common-name", "a", "--name", "client-cert", "--out", session.Certs),
        "agent" => await session.RunAsync("agent", "--once", "--patience", "0s", "--common-name", "a", "--out", session.Certs),
        _ => await session.RunRawAsync("decode", Repository.At("tests", "golden", "x509", "end-entity.der"), "--out", Path.Combine(session.Certs, "a.pem")),
    };
}
