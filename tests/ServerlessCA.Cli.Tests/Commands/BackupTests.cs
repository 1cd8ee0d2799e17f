using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Cli.Tests.Commands;

public sealed class BackupTests
{
    private const string IssuingCa = "serverless-issuing-ca-dev";

    private const int Parts = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restored_CA_has_every_file_and_goes_on_issuing()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        (await session.RunAsync("revoke", "a")).Done();

        (await session.RunAsync("backup", session.Folder.At("b.tar.gz"))).Done();
        (await RestoreAsync(session, "b.tar.gz")).Done();

        Assert.Equal(FilesOf(session.Data), FilesOf(session.Folder.At("new")));
        Assert.Equal("700 700 600 600 600", string.Join(' ', new[] { "", "keys", $"keys/{IssuingCa}.key.pem", "ca.db", "settings.json" }
            .Select(name => Modes.Of(session.Folder.At("new", name)))));
        Assert.Equal("600", Modes.Of(session.Folder.At("b.tar.gz")));
        string added = (await session.RunRawAsync("request", "--common-name", "b", "--out", session.Folder.At("b"), "--ca", New(session))).Done().Output;
        Assert.NotEmpty(added);
        Assert.Equal(ExitCode.Done, (await session.RunRawAsync("health", "--ca", New(session))).ExitCode);
        OpenSsl.Verify(session.Folder.At("b", "client-cert.pem"), session.Folder.At("b", "ca-bundle.pem"));
    }

    [Fact]
    public async Task An_encrypted_backup_opens_with_its_passphrase_alone_and_in_openssl_too()
    {
        OpenSsl.IsNeeded();
        using Session session = await new Session().WithCaAsync();
        string words = session.Folder.Write("words", "a long phrase, ü\n");
        string other = session.Folder.Write("other", "another phrase\n");
        string file = session.Folder.At("b.p7m");
        (await session.RunAsync("backup", file, "--passphrase-file", words)).Done();

        Result without = await RestoreAsync(session, "b.p7m");
        Result wrong = await RestoreAsync(session, "b.p7m", "--passphrase-file", other);
        string plain = session.Folder.At("plain.tar.gz");
        OpenSsl.Run("cms", "-decrypt", "-inform", "DER", "-binary", "-in", file, "-out", plain, "-pwri_password", "a long phrase, ü");
        Result right = await RestoreAsync(session, "b.p7m", "--passphrase-file", words);

        Assert.Equal((ExitCode.Usage, ExitCode.Fault, ExitCode.Done), (without.ExitCode, wrong.ExitCode, right.ExitCode));
        Assert.Contains("is encrypted", without.Error, StringComparison.Ordinal);
        Assert.Contains("the passphrase does not open it", wrong.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancellation)), StringComparison.Ordinal);
        Assert.Contains($"keys/{IssuingCa}.key.pem", NamesIn(plain));
        Assert.Equal(ExitCode.Usage, (await RestoreAsync(session, "plain.tar.gz", "--passphrase-file", words)).ExitCode);
    }

    [Fact]
    public async Task Of_a_backup_that_is_cut_off_or_has_a_wrong_bit_nothing_is_restored()
    {
        using Session session = await new Session().WithCaAsync();
        string words = session.Folder.Write("words", "a long phrase\n");
        (await session.RunAsync("backup", session.Folder.At("plain"))).Done();
        (await session.RunAsync("backup", session.Folder.At("cipher"), "--passphrase-file", words)).Done();
        (string File, string[] Options)[] backups = [("plain", []), ("cipher", ["--passphrase-file", words])];
        var restored = new List<string>();

        foreach ((string file, string[] options) in backups)
        {
            byte[] whole = await File.ReadAllBytesAsync(session.Folder.At(file), Cancellation);
            for (int part = 0; part < Parts; part++)
            {
                int place = 20 + ((whole.Length - 40) * part / Parts); // not the header of gzip, whose time has no effect
                byte[] wrong = [.. whole];
                wrong[place] ^= 0x10;
                await RestoreDamagedAsync($"{file}, bit {place}", whole, wrong, options);
                await RestoreDamagedAsync($"{file}, cut at {place}", whole, whole[..place], options);
            }
        }

        Assert.Empty(restored);

        async Task RestoreDamagedAsync(string what, byte[] whole, byte[] content, string[] options)
        {
            await File.WriteAllBytesAsync(session.Folder.At("damaged"), content, Cancellation);
            Result result = await RestoreAsync(session, "damaged", options);
            if (result.ExitCode == ExitCode.Done && content.Length == whole.Length && FilesOf(session.Folder.At("new")).SequenceEqual(FilesOf(session.Data)))
            {
                Directory.Delete(session.Folder.At("new"), recursive: true); // a bit without effect
                return;
            }

            if (result.ExitCode == ExitCode.Done || Directory.Exists(session.Folder.At("new")) || result.Error.Contains("unexpected", StringComparison.Ordinal))
            {
                restored.Add($"{what}: {result.ExitCode} {result.Output}{result.Error}");
            }
        }
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/tmp/evil")]
    [InlineData("keys/../../evil")]
    [InlineData("keys/deeper/evil.pem")]
    [InlineData("outbox/evil")]
    [InlineData("external/.hidden")]
    [InlineData("settings.json")]
    public async Task An_archive_with_other_files_than_a_backup_has_or_one_twice_is_refused(string name)
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("backup", session.Folder.At("b"))).Done();
        Rewrite(session, entries => entries.Append((name, TarEntryType.RegularFile, "evil"u8.ToArray())));

        Result result = await RestoreAsync(session, "changed");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("is nothing that a backup has", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Folder.At("new")));
    }

    [Fact]
    public async Task A_link_in_an_archive_is_refused_and_so_are_other_digests_and_none()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("backup", session.Folder.At("b"))).Done();

        Rewrite(session, entries => entries.Append(("external/link", TarEntryType.SymbolicLink, [])));
        Result link = await RestoreAsync(session, "changed");
        Rewrite(session, entries => entries.Select(entry => entry.Name == "settings.json" ? (entry.Name, entry.Type, "{}"u8.ToArray()) : entry));
        Result other = await RestoreAsync(session, "changed");
        Rewrite(session, entries => entries.Where(entry => entry.Name != "SHA256SUMS"));
        Result none = await RestoreAsync(session, "changed");

        Assert.Contains("'external/link' is nothing that a backup has", link.Error, StringComparison.Ordinal);
        Assert.Contains("its files are not those of its SHA256SUMS", other.Error, StringComparison.Ordinal);
        Assert.Contains("it has no SHA256SUMS", none.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Folder.At("new")));
    }

    [Fact]
    public async Task A_backup_replaces_no_file_and_a_restore_no_folder()
    {
        using Session session = await new Session().WithCaAsync();
        string file = session.Folder.At("b");
        (await session.RunAsync("backup", file)).Done();
        byte[] before = await File.ReadAllBytesAsync(file, Cancellation);

        Result backup = await session.RunAsync("backup", file);
        Result restore = await session.RunAsync("restore", file, "--without-crl");

        Assert.Equal((ExitCode.Fault, ExitCode.Fault), (backup.ExitCode, restore.ExitCode));
        Assert.Equal(before, await File.ReadAllBytesAsync(file, Cancellation));
        Assert.Contains("there is such a file already", backup.Error, StringComparison.Ordinal);
        Assert.Contains("is not empty", restore.Error, StringComparison.Ordinal);
        Assert.Equal(["b", "ca"], Directory.EnumerateFileSystemEntries(session.Folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_CA_whose_ledger_is_damaged_is_not_backed_up_and_nothing_stays_behind()
    {
        using Session session = await new Session().WithCaAsync();
        await File.WriteAllBytesAsync(Path.Combine(session.Data, "ca.db"), new byte[8192], Cancellation);

        Result result = await session.RunAsync("backup", session.Folder.At("b"));

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("ca.db", result.Error, StringComparison.Ordinal);
        Assert.Equal(["ca"], Directory.EnumerateFileSystemEntries(session.Folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_a_backup_leaves_out_is_named()
    {
        using Session session = await new Session().WithCaAsync();
        session.Folder.Write("ca/internal/.editor", "x");
        Directory.CreateSymbolicLink(session.Folder.At("ca", "external", "elsewhere"), session.Folder.Path);

        Result result = (await session.RunAsync("backup", session.Folder.At("b"))).Done();

        Assert.Contains("'internal/.editor' is not in it", result.Error, StringComparison.Ordinal);
        Assert.Contains("'external/elsewhere' is not in it", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(".lock", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_backup_made_while_others_issue_and_revoke_restores_to_a_sound_CA()
    {
        using Session session = await new Session().WithCaAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task working = Task.Run(async () =>
        {
            for (int number = 0; !stop.IsCancellationRequested; number++)
            {
                (await session.RunAsync("request", "--common-name", $"name-{number}", "--out", session.Folder.At($"certs-{number}"))).Done();
                (await session.RunAsync("revoke", $"name-{number}")).Done();
            }
        }, Cancellation);

        for (int number = 0; number < 8; number++)
        {
            (await session.RunAsync("backup", session.Folder.At($"b{number}"))).Done();
        }

        await stop.CancelAsync();
        await working;
        for (int number = 0; number < 8; number++)
        {
            string ca = session.Folder.At($"restored-{number}");
            (await session.RunRawAsync("restore", session.Folder.At($"b{number}"), "--without-crl", "--ca", $"local:{ca}")).Done();
            long published = (long)CrlOf(ca).Number!.Value;
            (await session.RunRawAsync("run", "--ca", $"local:{ca}")).Done();
            using var list = JsonDocument.Parse((await session.RunRawAsync("list", "--revoked", "--output", "json", "--ca", $"local:{ca}")).Done().Output);
            Assert.True((long)CrlOf(ca).Number!.Value > published);
            Assert.Equal(list.RootElement.GetProperty("Certificates").GetArrayLength(), CrlOf(ca).EntryCount);
        }
    }

    [Fact]
    public async Task What_was_revoked_after_the_backup_and_the_numbers_since_are_taken_over_from_the_published_CRL()
    {
        using Session session = await new Session().WithCaAsync();
        (await session.RunAsync("request", "--common-name", "a", "--out", session.Certs)).Done();
        (await session.RunAsync("backup", session.Folder.At("b"))).Done();
        (await session.RunAsync("revoke", "a")).Done();
        (await session.RunAsync("run")).Done();
        string published = Path.Combine(session.Data, "external", $"{IssuingCa}.crl");

        Result forgetful = (await session.RunRawAsync("restore", session.Folder.At("b"), "--without-crl", "--ca", $"local:{session.Folder.At("old")}")).Done();
        Result restored = (await RestoreAsync(session, "b", "--crl", published, "--without-crl")).Done();
        (await session.RunRawAsync("run", "--ca", New(session))).Done();

        Assert.Contains($"CRLs of {IssuingCa} that were published after", forgetful.Error, StringComparison.Ordinal);
        Assert.DoesNotContain($"CRLs of {IssuingCa} that", restored.Error, StringComparison.Ordinal);
        CertificateRevocationList next = CrlOf(session.Folder.At("new"));
        Assert.Equal((4, 1), ((int)next.Number!.Value, next.EntryCount));
        Assert.Contains("revoked", (await session.RunRawAsync("show", "a", "--ca", New(session))).Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_CRL_than_that_of_the_backup_changes_nothing_and_the_warning_stays()
    {
        using Session session = await new Session().WithCaAsync();
        string old = session.Folder.At("old.crl");
        File.Copy(Path.Combine(session.Data, "external", $"{IssuingCa}.crl"), old);
        (await session.RunAsync("run")).Done();
        (await session.RunAsync("backup", session.Folder.At("b"))).Done();

        Result restored = (await RestoreAsync(session, "b", "--crl", old, "--without-crl")).Done();
        Result again = (await session.RunAsync("crl", "restore", old)).Done();

        Assert.Contains("the backup has more than CRL 1, or a newer one: it was left alone", restored.Output, StringComparison.Ordinal);
        Assert.Contains($"CRLs of {IssuingCa} that were published after", restored.Error, StringComparison.Ordinal);
        Assert.Contains("has a newer CRL with all that CRL 1 has", again.Output, StringComparison.Ordinal);
        Assert.Equal(2, CrlOf(session.Folder.At("new")).Number);
        Assert.Equal(2, CrlOf(session.Data).Number);
    }

    private static string New(Session session) => $"local:{session.Folder.At("new")}";

    private static Task<Result> RestoreAsync(Session session, string file, params string[] options) =>
        session.RunRawAsync(["restore", session.Folder.At(file), "--ca", New(session), .. options.Contains("--crl") ? (string[])[] : ["--without-crl"], .. options]);

    private static CertificateRevocationList CrlOf(string folder)
    {
        Assert.True(CertificateRevocationList.TryDecode(File.ReadAllBytes(Path.Combine(folder, "external", $"{IssuingCa}.crl")), out CertificateRevocationList? crl));
        return crl;
    }

    // Of the ledger only its existence is compared: its copy has the same rows on other pages.
    private static string[] FilesOf(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path))
        .Where(name => !name.StartsWith("outbox", StringComparison.Ordinal) && !name.EndsWith(".lock", StringComparison.Ordinal))
        .Select(name => name.StartsWith("ca.db", StringComparison.Ordinal) ? "ca.db" : $"{name} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, name))))}")
        .Distinct().Order(StringComparer.Ordinal)];

    private static string[] NamesIn(string archive) => [.. EntriesOf(archive).Select(entry => entry.Name)];

    private static List<(string Name, TarEntryType Type, byte[] Content)> EntriesOf(string archive)
    {
        using var gzip = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        var entries = new List<(string, TarEntryType, byte[])>();
        while (tar.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            entries.Add((entry.Name, entry.EntryType, content.ToArray()));
        }

        return entries;
    }

    private static void Rewrite(
        Session session, Func<IEnumerable<(string Name, TarEntryType Type, byte[] Content)>, IEnumerable<(string Name, TarEntryType Type, byte[] Content)>> change)
    {
        using var gzip = new GZipStream(File.Create(session.Folder.At("changed")), CompressionLevel.Fastest);
        using var tar = new TarWriter(gzip);
        foreach ((string name, TarEntryType type, byte[] content) in change(EntriesOf(session.Folder.At("b"))))
        {
            tar.WriteEntry(type == TarEntryType.SymbolicLink
                ? new PaxTarEntry(type, name) { LinkName = "/etc/passwd" }
                : new PaxTarEntry(type, name) { DataStream = new MemoryStream(content) });
        }
    }
}
