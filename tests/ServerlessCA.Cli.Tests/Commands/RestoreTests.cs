using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests what <c>restore</c> requires before anything is written, where it restores to, and what one that is killed
/// leaves behind.</summary>
public sealed class RestoreTests
{
    private const string RootCa = "serverless-root-ca-dev";
    private const string IssuingCa = "serverless-issuing-ca-dev";
    private const string Both = "hint: give the newest one of each CA, --crl FILE or --crl http://ADDRESS, or go without: --without-crl\n";

    // The order in which a restore moves them.
    private static readonly string[] Parts = ["keys", "external", "internal", "ca.db", "settings.json"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_the_published_CRLs_nothing_is_restored_unless_that_is_asked_for()
    {
        using Session session = await BackedUpAsync();

        Result without = await RestoreAsync(session);
        Result half = await RestoreAsync(session, "--crl", CrlOf(session, IssuingCa));
        Result foreign = await RestoreAsync(session, "--crl", session.Folder.Write("notes", "no CRL"), "--without-crl");

        Assert.Equal((ExitCode.Usage, ExitCode.Usage, ExitCode.Usage), (without.ExitCode, half.ExitCode, foreign.ExitCode));
        Assert.Contains("is not known without the newest CRLs: numbers would be used again", without.Error, StringComparison.Ordinal);
        Assert.Contains($"the newest CRL of {RootCa} is not given", half.Error, StringComparison.Ordinal);
        Assert.Contains("is no CRL that the key of a CA in the backup signed", foreign.Error, StringComparison.Ordinal);
        Assert.All((Result[])[without, half, foreign], result => Assert.EndsWith(Both, result.Error, StringComparison.Ordinal));
        Assert.False(Path.Exists(New(session)));
        Assert.Equal("", (await RestoreAsync(session, "--crl", CrlOf(session, IssuingCa), "--crl", CrlOf(session, RootCa))).Done().Error);
    }

    [Fact]
    public async Task A_CRL_that_is_older_than_the_backup_is_not_the_newest_and_nothing_is_restored()
    {
        using Session session = await new Session().WithCaAsync();
        string old = session.Folder.At("old.crl");
        File.Copy(CrlOf(session, IssuingCa), old);
        (await session.RunAsync("run")).Done();
        (await session.RunAsync("backup", session.Folder.At("b"))).Done();

        Result result = await RestoreAsync(session, "--crl", old, "--crl", CrlOf(session, RootCa));

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains($"'{old}' is CRL 1 of {IssuingCa}, and the backup has more than that, or a newer one", result.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(New(session)));
    }

    [Fact]
    public async Task A_published_CRL_is_taken_over_from_its_address()
    {
        byte[] root = [], issuing = [];
        var site = new TestSite(address => Task.FromResult<DownloadOutcome>(address.AbsolutePath switch
        {
            "/root.crl" => new DownloadOutcome.Response(200, "application/pkix-crl", null, root),
            "/issuing.crl" => new DownloadOutcome.Response(200, "application/pkix-crl", null, issuing),
            _ => new DownloadOutcome.Response(403, null, null, default),
        }));
        using Session session = await new Session { PublicDownload = site }.WithCaAsync();
        (await session.RunAsync("backup", session.Folder.At("b"))).Done();
        (await session.RunAsync("run")).Done();
        root = await File.ReadAllBytesAsync(CrlOf(session, RootCa), Cancellation);
        issuing = await File.ReadAllBytesAsync(CrlOf(session, IssuingCa), Cancellation);

        Result refused = await RestoreAsync(session, "--crl", "http://ca.example.com/other.crl");
        Result restored = await RestoreAsync(session, "--crl", "http://ca.example.com/root.crl", "--crl", "http://ca.example.com/issuing.crl");

        Assert.Equal(ExitCode.Fault, refused.ExitCode);
        Assert.Contains("--crl 'http://ca.example.com/other.crl' cannot be fetched: the answer has status 403", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"{IssuingCa}  the next CRL takes over CRL 2", restored.Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_is_restored_into_an_empty_file_system_that_is_mounted_in_its_place()
    {
        using Session session = await BackedUpAsync();
        using var disk = new SmallDisk(New(session), "16m");
        Directory.CreateDirectory(Path.Combine(New(session), "lost+found"));

        (await RestoreAsync(session, "--without-crl")).Done();

        Assert.Equal(Whole(session), Entries(New(session)).Except([".lock", "outbox", "lost+found"]).Order(StringComparer.Ordinal));
        Assert.Equal(ExitCode.Done, (await session.RunRawAsync("health", "--no-fetch", "--ca", $"local:{New(session)}")).ExitCode);
        (await session.RunRawAsync("request", "--common-name", "b", "--out", session.Folder.At("b-certs"), "--ca", $"local:{New(session)}")).Done();
    }

    [Fact]
    public async Task A_restore_that_does_not_fit_into_its_file_system_leaves_it_empty()
    {
        using Session session = await BackedUpAsync();
        using var disk = new SmallDisk(New(session), "64k");

        Result result = await RestoreAsync(session, "--without-crl");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Empty(Entries(New(session)).Except([".lock"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_killed_restore_is_no_CA_for_any_command_and_the_next_one_removes_what_it_left(int moved)
    {
        using Session session = await BackedUpAsync();
        await LeaveHalfAsync(session, moved);
        string[] before = Tree(New(session));
        string ca = $"local:{New(session)}";
        string[][] commands =
        [
            ["run"], ["run", "--root-ca-key-spec", "ECC_NIST_P256"], ["list"], ["crl", "accept"], ["backup", session.Folder.At("b2")],
            ["request", "--common-name", "c", "--out", session.Folder.At("c")], ["revoke", "a"],
        ];

        foreach (string[] command in commands)
        {
            Result result = await session.RunRawAsync([.. command, "--ca", ca]);
            Assert.True(result.ExitCode == ExitCode.Fault, $"{command[0]}: {result.Error}");
            Assert.Contains("is not wholly restored: a restore is at work there, or was interrupted", result.Error, StringComparison.Ordinal);
        }

        Assert.Equal(ExitCode.Unhealthy, (await session.RunRawAsync("health", "--no-fetch", "--ca", ca)).ExitCode);
        Assert.Equal(before, Tree(New(session)).Where(name => !name.EndsWith(".lock", StringComparison.Ordinal)));
        (await RestoreAsync(session, "--without-crl")).Done();
        Assert.Equal(Whole(session), Entries(New(session)).Except([".lock", "outbox"]).Order(StringComparer.Ordinal));
        Assert.Contains("a ", (await session.RunRawAsync("list", "--ca", ca)).Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_restore_left_stays_while_somebody_works_in_it_and_other_files_stay_for_good()
    {
        using Session session = await BackedUpAsync();
        await LeaveHalfAsync(session, moved: 2);
        string[] before = [.. Tree(New(session)), ".lock"];

        Result busy;
        using (new FileStream(Path.Combine(New(session), ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            busy = await RestoreAsync(session, "--without-crl");
        }

        Assert.Equal(ExitCode.Fault, busy.ExitCode);
        Assert.Contains("another command is at work in", busy.Error, StringComparison.Ordinal);
        Assert.Equal(before.Order(StringComparer.Ordinal), Tree(New(session)));
        session.Folder.Write("new/notes", "mine");
        Result other = await RestoreAsync(session, "--without-crl");
        Assert.Contains("is not empty, and restoring replaces nothing", other.Error, StringComparison.Ordinal);
        Assert.Equal("mine", session.Folder.Read("new", "notes"));
    }

    [Fact]
    public async Task Of_several_restores_at_once_to_one_place_one_is_done_and_its_CA_is_whole()
    {
        using Session session = await BackedUpAsync();

        Result[] results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => RestoreAsync(session, "--without-crl"))));

        Assert.Single(results, result => result.ExitCode == ExitCode.Done);
        Assert.Equal(Whole(session), Entries(New(session)).Except([".lock", "outbox"]).Order(StringComparer.Ordinal));
        Assert.Equal(ExitCode.Done, (await session.RunRawAsync("health", "--no-fetch", "--ca", $"local:{New(session)}")).ExitCode);
    }

    private static async Task<Session> BackedUpAsync()
    {
        Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        (await session.RunAsync("run")).Done();
        (await session.RunAsync("backup", session.Folder.At("b"))).Done();
        return session;
    }

    // Leaves the folder as a process does that is killed after so many of its renames.
    private static async Task LeaveHalfAsync(Session session, int moved)
    {
        (await RestoreAsync(session, "--without-crl")).Done();
        Directory.CreateDirectory(Path.Combine(New(session), ".restoring"));
        foreach (string part in Parts.Skip(moved))
        {
            Directory.Move(Path.Combine(New(session), part), Path.Combine(New(session), ".restoring", part));
        }

        foreach (string other in Entries(New(session)).Except([".restoring", .. Parts]).ToList())
        {
            File.Delete(Path.Combine(New(session), other)); // locks, and files that a closed ledger leaves
        }
    }

    private static Task<Result> RestoreAsync(Session session, params string[] options) =>
        session.RunRawAsync(["restore", session.Folder.At("b"), "--ca", $"local:{New(session)}", .. options]);

    private static string New(Session session) => session.Folder.At("new");

    private static string CrlOf(Session session, string ca) => Path.Combine(session.Data, "external", $"{ca}.crl");

    private static IEnumerable<string> Whole(Session session) => Entries(session.Data).Except([".lock", "outbox"]).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Entries(string folder) => Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!);

    private static string[] Tree(string folder) =>
    [
        .. Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal),
    ];
}
