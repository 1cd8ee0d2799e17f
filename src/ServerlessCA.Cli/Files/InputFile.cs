using System.Globalization;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Files;

/// <summary>Reads small files that options name. They may be pipes, as <c>&lt;(command)</c> of a shell makes them, so
/// reading has a timeout: a pipe that nobody writes to would block for ever.</summary>
internal static class InputFile
{
    // Our decision: it is long enough for a command that asks a vault, or a person for a passphrase.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="path">The path, as the option gives it.</param>
    /// <param name="option">The option's name, for messages.</param>
    /// <param name="maxOctets">The limit; larger files are refused.</param>
    /// <param name="clock">Measures the timeout.</param>
    /// <param name="cancellation">Stops waiting for the file.</param>
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

        // Opening a pipe blocks as reading does, and nothing can stop it: its thread is left behind.
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

    /// <summary>Reads the bytes of a file, for callers that are not asynchronous.</summary>
    /// <exception cref="CommandFault">It cannot be read, or is too large.</exception>
    public static byte[] Bytes(string path, string option, int maxOctets, TimeProvider clock) =>
        BytesAsync(path, option, maxOctets, clock, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Reads the text of a file.</summary>
    /// <exception cref="CommandFault">It cannot be read, is too large or is not text.</exception>
    public static string Text(string path, string option, int maxOctets, TimeProvider clock) =>
        TextOf(Bytes(path, option, maxOctets, clock), $"{option} '{path}'");

    /// <summary>Decodes the text of bytes that were read.</summary>
    /// <param name="octets">The bytes that were read.</param>
    /// <param name="source">The option and path they came from, for messages.</param>
    /// <exception cref="CommandFault">They are not text.</exception>
    public static string TextOf(byte[] octets, string source) =>
        TextFile.TryRead(octets, out string? text, out TextFault? why) ? text : throw NoText(source, why);

    /// <summary>Builds the fault that a file is not text.</summary>
    public static CommandFault NoText(string source, TextFault why) => CommandFault.Usage($"{source}: {why.What}", why.Remedy);

    private static byte[] Read(string path, string option, int maxOctets)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            // A pipe has no length, and that of a device is 0: the buffer then has the size of the limit.
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

/// <summary>Reads a whole file, or all of standard input.</summary>
internal static class AnyInput
{
    /// <summary>The argument that names standard input.</summary>
    public const string Standard = "-";

    /// <summary>Reads the bytes.</summary>
    /// <param name="path">A file, or <see cref="Standard"/>.</param>
    /// <param name="option">The option's name, for messages.</param>
    /// <param name="maxOctets">The limit; more is refused.</param>
    /// <param name="here">Has standard input and the clock.</param>
    /// <param name="cancellation">Stops waiting for more.</param>
    /// <exception cref="CommandFault">It cannot be read, or is too large.</exception>
    public static async Task<byte[]> ReadAsync(string path, string option, int maxOctets, Surroundings here, CancellationToken cancellation)
    {
        if (path != Standard)
        {
            return await InputFile.BytesAsync(path, option, maxOctets, here.Clock, cancellation);
        }

        using Stream input = here.Terminal.Input();
        using var content = new MemoryStream();
        byte[] part = new byte[81_920];
        int read;
        while ((read = await input.ReadAsync(part, cancellation)) > 0)
        {
            content.Write(part, 0, read);
            if (content.Length > maxOctets)
            {
                throw CommandFault.Usage($"standard input has more than {maxOctets} bytes", "give less of it");
            }
        }

        return content.ToArray();
    }
}

/// <summary>Reads published contents from a file, standard input or an HTTP address. The contents are signed, so plain HTTP
/// is enough.</summary>
internal static class PublishedInput
{
    /// <summary>Reads the bytes.</summary>
    /// <param name="source">A file, <c>-</c>, or an HTTP address.</param>
    /// <param name="option">The option's name, for messages.</param>
    /// <param name="maxOctets">The limit; more is refused.</param>
    /// <param name="here">Has standard input, the clock and the network.</param>
    /// <param name="cancellation">Stops waiting for more.</param>
    /// <exception cref="CommandFault">It cannot be read or downloaded, or is too large.</exception>
    public static async Task<byte[]> ReadAsync(string source, string option, int maxOctets, Surroundings here, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(source, UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            return await AnyInput.ReadAsync(source, option, maxOctets, here, cancellation);
        }

        IPublicDownload download = here.PublicDownload();
        using var _ = download as IDisposable;
        return await download.DownloadAsync(address, maxOctets, cancellation) switch
        {
            DownloadOutcome.Response { Status: 200, Content: var content } => content.ToArray(),
            DownloadOutcome.Response { Location: { } location } => throw NotDownloaded(source, option, $"the answer leads to '{location}', which is not followed"),
            DownloadOutcome.Response { Status: var status } => throw NotDownloaded(source, option, string.Create(CultureInfo.InvariantCulture, $"the answer has status {status}")),
            DownloadOutcome.Failure { Why: var why } => throw NotDownloaded(source, option, why),
            _ => throw new InvalidOperationException("an outcome that is none"),
        };
    }

    private static CommandFault NotDownloaded(string source, string option, string why) =>
        CommandFault.Fault($"{option} '{source}' cannot be fetched: {why}", "check the address, or give a file");
}
