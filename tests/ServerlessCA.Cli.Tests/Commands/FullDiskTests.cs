using ServerlessCA.Cli.Tests.Agent;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests full and read-only disks: there is one clear message, the old files stay, and work goes on once there is
/// room.</summary>
public sealed class FullDiskTests
{
    private const string Full = "No space left on device";
    private const string ReadOnly = "Read-only file system";

    [Theory]
    [InlineData(Full)]
    [InlineData(ReadOnly)]
    public async Task A_request_leaves_the_old_files_and_has_nothing_issued(string why)
    {
        using Session session = await new Session().WithCaAsync();
        using var disk = new SmallDisk(session.Folder.At("disk"), "64k");
        string[] request = ["request", "--common-name", "a", "--out", session.Folder.At("disk", "certs")];
        (await session.RunAsync(request)).Done();
        Dictionary<string, string> before = Contents(session.Folder.At("disk", "certs"));
        Break(disk, why);

        Result result = await session.RunAsync(request);

        Expect(result, $"error: files cannot be written to '{session.Folder.At("disk", "certs")}': {why}");
        Assert.Equal(before, Contents(session.Folder.At("disk", "certs")));
        Assert.Single((await session.RunAsync("list", "--output", "json")).Json.GetProperty("Certificates").EnumerateArray(), row => row.GetProperty("CommonName").GetString() == "a");
        Mend(disk, why);
        (await session.RunAsync(request)).Done();
    }

    [Theory]
    [InlineData(Full)]
    [InlineData(ReadOnly)]
    public async Task An_agent_keeps_the_old_files_and_renews_when_it_can(string why)
    {
        using Session session = await new Session().WithCaAsync();
        using var disk = new SmallDisk(session.Folder.At("disk"), "128k");
        string folder = session.Folder.At("disk", "certs");
        string[] once = ["agent", "--once", "--patience", "0s", "--common-name", "a", "--out", folder];
        (await session.RunAsync(once)).Done();
        string held = RunningAgent.LoadSet(folder);
        string[] other = [.. once, "--organization", "Example Org"]; // which makes another request, due at once
        Break(disk, why);

        Result result = await session.RunAsync(other);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
        Assert.Contains("\nhint: check the disk and who may write there", result.Error, StringComparison.Ordinal);
        Assert.Equal(held, RunningAgent.LoadSet(folder));
        Assert.Equal(held, RunningAgent.LoadCombined(folder));
        Mend(disk, why);
        (await session.RunAsync(other)).Done();
        Assert.NotEqual(held, RunningAgent.LoadSet(folder));
    }

    [Theory]
    [InlineData(Full)]
    [InlineData(ReadOnly)]
    public async Task A_CSR_and_a_decoded_certificate_are_written_whole_or_not_at_all(string why)
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        using var disk = new SmallDisk(session.Folder.At("disk"), "64k");
        string folder = Directory.CreateDirectory(session.Folder.At("disk", "certs")).FullName;
        File.WriteAllText(Path.Combine(folder, "client-cert.csr"), "old");
        Break(disk, why);

        Result csr = await session.RunRawAsync("csr", "--common-name", "a", "--name", "client-cert", "--replace", "--out", folder);
        Result decoded = await session.RunRawAsync("decode", Path.Combine(session.Certs, "client-cert.pem"), "--out", Path.Combine(folder, "client-cert.csr"));

        Expect(csr, $"error: files cannot be written to '{folder}': {why}");
        Expect(decoded, $"error: files cannot be written to '{folder}': {why}");
        Assert.Equal("old", Assert.Single(Contents(folder)).Value);
    }

    [Fact]
    public async Task A_CA_whose_disk_is_full_issues_nothing_and_goes_on_when_there_is_room()
    {
        using var session = new Session();
        using var disk = new SmallDisk(session.Data, "512k");
        (await session.RunAsync("run")).Done();
        disk.Fill();

        Result request = await session.RunAsync("request", "--common-name", "a", "--out", session.Certs);
        Result run = await session.RunAsync("run");

        foreach (Result result in (Result[])[request, run])
        {
            Assert.Equal(ExitCode.Fault, result.ExitCode);
            Assert.Contains("disk is full", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("unexpected", result.Error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(session.Certs));
        disk.Clear();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        (await session.RunAsync("run")).Done();
    }

    // Sizes from too small for anything to almost enough.
    [Theory]
    [InlineData(16)]
    [InlineData(48)]
    [InlineData(64)]
    [InlineData(120)]
    public async Task A_disk_too_small_for_a_new_CA_leaves_nothing_that_cannot_go_on(int kilobytes)
    {
        using var session = new Session();
        using var disk = new SmallDisk(session.Data, $"{kilobytes}k");

        Result first = await session.RunAsync("run");

        Assert.Equal(ExitCode.Fault, first.ExitCode);
        Assert.Contains("disk", first.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(session.Data, "ca.db")));
        Assert.Empty(Directory.EnumerateFiles(session.Data, "*.tmp*"));
        disk.Remount("size=4m");
        (await session.RunAsync("run")).Done();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
    }

    private static void Break(SmallDisk disk, string why)
    {
        if (why == Full)
        {
            disk.Fill();
        }
        else
        {
            disk.Remount("ro");
        }
    }

    private static void Mend(SmallDisk disk, string why)
    {
        if (why == Full)
        {
            disk.Clear();
        }
        else
        {
            disk.Remount("rw");
        }
    }

    private static void Expect(Result result, string message)
    {
        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.StartsWith(message, result.Error, StringComparison.Ordinal);
        Assert.Contains("\nhint: check the disk and who may write there, or choose another --out", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.Error.Count(c => c == '\n'));
    }

    // The lock file is left out, as it has no content.
    private static Dictionary<string, string> Contents(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => new FileInfo(file).Length > 0).ToDictionary(file => Path.GetFileName(file), File.ReadAllText);
}
