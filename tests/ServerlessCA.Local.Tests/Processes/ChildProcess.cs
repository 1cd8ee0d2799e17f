using System.Diagnostics;
using System.Globalization;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Files;
using ServerlessCA.Local.Keys;
using ServerlessCA.Local.Outbox;
using ServerlessCA.Local.Sqlite;
using Xunit;

namespace ServerlessCA.Local.Tests.Processes;

/// <summary>Starts this program again as a child process.</summary>
internal static class ChildProcess
{
    private static readonly string Program = Path.ChangeExtension(typeof(ChildProcess).Assembly.Location, null)
        + (OperatingSystem.IsWindows() ? ".exe" : "");

    /// <summary>Runs the work to its end and returns the lines that it wrote.</summary>
    public static async Task<string[]> RunAsync(params string[] work) => await RunCommandAsync(Command(work));

    /// <summary>Does the same under a umask that forbids nothing.</summary>
    public static async Task<string[]> RunWithOpenUmaskAsync(params string[] work) =>
        await RunCommandAsync(["sh", "-c", "umask 000; exec \"$0\" \"$@\"", .. Command(work)]);

    /// <summary>Does the same as a user without privileges.</summary>
    public static async Task<string[]> RunUnprivilegedAsync(params string[] work) => await RunCommandAsync(
        Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", .. Command(work)]
            : Command(work));

    /// <summary>Kills the work (SIGKILL) some time after its first line, and returns the whole lines that it
    /// wrote.</summary>
    public static async Task<string[]> KillAsync(TimeSpan after, params string[] work)
    {
        using Process process = Start(Command(work));
        string? first = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(first);
        await Task.Delay(after, TestContext.Current.CancellationToken);
        process.Kill();
        string rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        string[] lines = $"{first}\n{rest}".Split('\n');
        return lines[..^1]; // the rest after the last line's end was cut
    }

    /// <summary>Returns the command that starts the work.</summary>
    public static string[] Command(params string[] work) => [Program, "--child", .. work];

    private static async Task<string[]> RunCommandAsync(string[] command)
    {
        using Process process = Start(command);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    // Diagnostics are off: a killed process would leave its debugger's pipes in the temporary folder.
    private static Process Start(string[] command) => Process.Start(new ProcessStartInfo(command[0], command[1..])
    {
        RedirectStandardOutput = true,
        Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
    })!;
}

/// <summary>Does the work of a child process. Work of the name <c>…-forever</c> goes on until the process is killed,
/// and writes a line for each thing that is durably done.</summary>
internal static class ChildWork
{
    public static async Task<int> RunAsync(string work, string[] rest)
    {
        string place = rest[0];
        await (work switch
        {
            "crl-numbers" => CountCrlNumbersAsync(place, int.Parse(rest[1], CultureInfo.InvariantCulture)),
            "add-shared-keys" => AddSharedKeysAsync(place, rest[1], int.Parse(rest[2], CultureInfo.InvariantCulture)),
            "add-forever" => AddForeverAsync(place, long.Parse(rest[1], CultureInfo.InvariantCulture)),
            "add" => AddAsync(place),
            "count-up" => CountUpAsync(place, int.Parse(rest[1], CultureInfo.InvariantCulture)),
            "publish-forever" => PublishForeverAsync(place),
            "create-key" => CreateKeyAsync(place, rest[1]),
            "find-key" => FindKeyAsync(place, rest[1]),
            "create-keys-forever" => CreateKeysForeverAsync(place, rest[1]),
            "deliver-forever" => DeliverForeverAsync(place, rest[1]),
            "open-ca" => OpenCaAsync(place),
            "queue-forever" => Delivery.QueueWork.QueueForeverAsync(place, rest[1]),
            "drain-forever" => Delivery.QueueWork.DrainForeverAsync(place),
            _ => throw new ArgumentOutOfRangeException(nameof(work)),
        });
        return 0;
    }

    /// <summary>Makes an addition that stores everything a certificate can, by its serial number.</summary>
    public static CertificateAddition Whole(long serial) => Some.Addition("killed", serial) with
    {
        Token = Some.Claim($"token-{serial}"),
        OnceId = $"once-{serial}",
        Event = Some.Event($"event-{serial}"),
    };

    /// <summary>Makes a file whose bytes and length show which one it is.</summary>
    public static byte[] Filled(byte fill)
    {
        byte[] content = new byte[100_000 + fill];
        Array.Fill(content, fill);
        return content;
    }

    private static Task<SqliteLedger> LedgerAsync(string path) =>
        SqliteLedger.OpenAsync(path, create: true, SqliteLedger.DefaultTimeout, CancellationToken.None);

    private static async Task CountCrlNumbersAsync(string path, int count)
    {
        using SqliteLedger ledger = await LedgerAsync(path);
        CertificateRecord ca = Some.CaRecord();
        for (int done = 0; done < count; done++)
        {
            Console.WriteLine(await ledger.NextCrlNumberAsync(
                new RowId(ca.CommonName, ca.SerialNumber), 0, CancellationToken.None));
        }
    }

    private static async Task AddSharedKeysAsync(string path, string name, int count)
    {
        using SqliteLedger ledger = await LedgerAsync(path);
        for (int index = 1; index <= count; index++)
        {
            CertificateAddition addition = Some.Addition(name, index) with { Key = Some.Key($"shared-{index}") };
            Console.WriteLine($"{index} {await ledger.AddAsync(addition, CancellationToken.None)}");
        }
    }

    private static async Task AddForeverAsync(string path, long serial)
    {
        using SqliteLedger ledger = await LedgerAsync(path);
        for (; ; serial++)
        {
            await ledger.AddAsync(Whole(serial), CancellationToken.None);
            Console.WriteLine(serial);
        }
    }

    private static async Task AddAsync(string path)
    {
        try
        {
            using SqliteLedger ledger = await LedgerAsync(path);
            Console.WriteLine(await ledger.AddAsync(Some.Addition(), CancellationToken.None));
        }
        catch (LedgerUnavailableException error)
        {
            Console.WriteLine($"{error.NothingWasStored} {error.Message}");
        }
    }

    private static async Task CountUpAsync(string folder, int successes)
    {
        var files = new FolderPublishedFiles(folder, TimeProvider.System);
        while (successes > 0)
        {
            StoredFile? last = await files.ReadAsync("count", CancellationToken.None);
            int number = last is null ? 0 : BitConverter.ToInt32(last.Content.Span);
            var next = new PublishedFile("count", "application/octet-stream", BitConverter.GetBytes(number + 1));
            if (await files.PublishAsync(next, last?.Version, CancellationToken.None))
            {
                successes--;
            }
        }
    }

    private static async Task PublishForeverAsync(string folder)
    {
        var files = new FolderPublishedFiles(folder, TimeProvider.System);
        for (byte fill = 1; ; fill++)
        {
            await files.PublishAsync(
                new PublishedFile("ca.crl", "application/pkix-crl", Filled(fill)), IPublishedFiles.AnyVersion, CancellationToken.None);
            Console.WriteLine(fill);
        }
    }

    private static async Task CreateKeyAsync(string folder, string name)
    {
        using var keys = new KeyFiles(folder, passphrase: null, TimeProvider.System);
        bool created = await keys.CreateAsync(name, KeySpec.EccNistP256, CancellationToken.None);
        ICaKey key = (await keys.FindAsync(name, CancellationToken.None))!;
        Console.WriteLine($"{created} {KeyHash.Of(key.SubjectPublicKeyInfo.Span)}");
    }

    private static async Task FindKeyAsync(string folder, string name)
    {
        using var keys = new KeyFiles(folder, passphrase: null, TimeProvider.System);
        try
        {
            Console.WriteLine(await keys.FindAsync(name, CancellationToken.None) is null ? "none" : "found");
        }
        catch (CaKeyUnavailableException error)
        {
            Console.WriteLine(error.Message);
        }
    }

    private static async Task CreateKeysForeverAsync(string folder, string prefix)
    {
        using var keys = new KeyFiles(folder, passphrase: null, TimeProvider.System);
        for (int index = 0; ; index++)
        {
            await keys.CreateAsync($"{prefix}-{index}", KeySpec.EccNistP256, CancellationToken.None);
            Console.WriteLine($"{prefix}-{index}");
        }
    }

    private static async Task DeliverForeverAsync(string folder, string prefix)
    {
        var outbox = new FolderOutbox(folder, TimeProvider.System);
        for (int index = 0; ; index++)
        {
            await outbox.DeliverAsync(Some.Event($"{prefix}-{index}"), CancellationToken.None);
            Console.WriteLine($"{prefix}-{index}");
        }
    }

    private static async Task OpenCaAsync(string folder)
    {
        using LocalCa ca = await LocalCa.OpenAsync(
            new DataFolder(folder), create: true, TimeProvider.System, delivered: null, CancellationToken.None);
        await ca.CreateKeysAsync(CancellationToken.None);
        ICaKey root = (await ca.Keys.FindAsync(ca.Settings.Ca.Names.RootCa, CancellationToken.None))!;
        await ca.Ledger.ListAsync(CancellationToken.None).CountAsync();
        Console.WriteLine(KeyHash.Of(root.SubjectPublicKeyInfo.Span));
    }
}
