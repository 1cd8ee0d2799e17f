using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Files;

/// <summary>Reads small files that options name. They may be pipes, as <c>&lt;(command)</c> of a shell makes them, so
/// reading has a time limit: a pipe that nobody writes to would be waited for until somebody wonders.</summary>
internal static class InputFile
{
    // Our decision: a command that asks a vault, or a person for a passphrase, has time enough.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>The bytes.</summary>
    /// <param name="path">As the option has it.</param>
    /// <param name="option">The option's name, for messages.</param>
    /// <param name="maxOctets">Larger files are refused.</param>
    /// <param name="clock">Times the reading.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="CommandFault">It cannot be read, or is too large.</exception>
    public static async Task<byte[]> BytesAsync(
        string path, string option, int maxOctets, TimeProvider clock, CancellationToken cancellation)
    {
        if (path.Length == 0)
        {
            throw CommandFault.Usage($"{option} names no file", "name one");
        }

        if (Directory.Exists(path))
        {
            throw CommandFault.Usage($"{option} '{path}' is a folder", "name a file");
        }

        // Opening a pipe waits as reading does, and nothing can stop it: its thread is left behind.
        Task<byte[]> reading = Task.Factory.StartNew(
            () => Read(path, option, maxOctets), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await reading.WaitAsync(Timeout, clock, cancellation);
        }
        catch (TimeoutException fault)
        {
            throw CommandFault.Fault(
                $"{option} '{path}' did not end within {Timeout.TotalSeconds:0} seconds", "it may be a pipe that nobody writes to: name a file, or look at what should write", fault);
        }
    }

    /// <summary>The same, for those who cannot wait otherwise.</summary>
    /// <exception cref="CommandFault">It cannot be read, or is too large.</exception>
    public static byte[] Bytes(string path, string option, int maxOctets, TimeProvider clock) =>
        BytesAsync(path, option, maxOctets, clock, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>The text.</summary>
    /// <exception cref="CommandFault">It cannot be read, is too large or no text.</exception>
    public static string Text(string path, string option, int maxOctets, TimeProvider clock) =>
        TextOf(Bytes(path, option, maxOctets, clock), $"{option} '{path}'");

    /// <summary>The text of bytes that were read.</summary>
    /// <param name="octets">The bytes.</param>
    /// <param name="source">Where they came from, for messages.</param>
    /// <exception cref="CommandFault">They are no text.</exception>
    public static string TextOf(byte[] octets, string source) =>
        TextFile.TryRead(octets, out string? text, out TextFault? why) ? text : throw NoText(source, why);

    /// <summary>Says that a file is no text.</summary>
    public static CommandFault NoText(string source, TextFault why) => CommandFault.Usage($"{source}: {why.What}", why.Remedy);

    private static byte[] Read(string path, string option, int maxOctets)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            // A pipe has no length, and that of a device is 0: they get the most that may come.
            byte[] buffer = new byte[(file.CanSeek && file.Length > 0 ? Math.Min(file.Length, maxOctets) : maxOctets) + 1];
            int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length < buffer.Length ? buffer[..length] : throw CommandFault.Usage(
                $"{option} '{path}' has more than {maxOctets} bytes", "name the right file");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CommandFault.Usage($"{option} '{path}': there is no such file", "check the path");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CommandFault.Fault($"{option} '{path}' cannot be read: {fault.Message}", "check what it is and who may read it", fault);
        }
    }
}
