using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Publishes the files of a folder over HTTP on the loopback interface, with a page of links as <c>serve</c> has it.</summary>
public sealed class PublishedFolder : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly string folder;
    private readonly Task answering;

    public PublishedFolder(string folder)
    {
        this.folder = folder;
        Url = $"http://127.0.0.1:{FreePorts.Next()}";
        listener.Prefixes.Add($"{Url}/");
        listener.Start();
        answering = AnswerAsync();
    }

    /// <summary>The address.</summary>
    public string Url { get; }

    /// <summary>The paths that were requested, in order.</summary>
    public ConcurrentQueue<string> Requested { get; } = new();

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await answering;
        listener.Close();
    }

    private async Task AnswerAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            string path = context.Request.Url!.AbsolutePath;
            Requested.Enqueue(path);
            IEnumerable<string> names = Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);
            byte[] content = path == "/"
                ? Encoding.UTF8.GetBytes(string.Concat(names.Select(name => $"<a href=\"/{name}\">{name}</a>")))
                : await File.ReadAllBytesAsync(Path.Combine(folder, path[1..]));
            await context.Response.OutputStream.WriteAsync(content);
            context.Response.Close();
        }
    }
}
