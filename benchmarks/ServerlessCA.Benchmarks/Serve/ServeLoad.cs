using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace ServerlessCA.Benchmarks.Serve;

/// <summary>What <c>serve</c> holds in memory while callers do their worst, and afterwards; and whether others get in.</summary>
internal static class ServeLoad
{
    private const int MiB = 1024 * 1024;
    private const int Silent = 1000; // connections
    private const int Events = 1200;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3); // nothing more is taken
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(60); // after the attack

    /// <summary>Attacks, each on a server of its own.</summary>
    /// <param name="program">Path of <c>serverless-ca.dll</c>; null: the one built with this.</param>
    /// <param name="attack">Which: forged, silent or events; null: all.</param>
    public static async Task<int> RunAsync(string? program, string? attack)
    {
        string path = program ?? Path.Combine(Repository.Root, "src", "ServerlessCA.Cli", "bin", "Release", "net10.0", "serverless-ca.dll");
        Console.WriteLine($"{"MB",-44}{"before",8}{"during",8}{"peak",8}{"after",8}");
        if (attack is null or "forged")
        {
            foreach (int size in (int[])[6 * MiB, 1 * MiB])
            {
                string name = $"forged, {size / MiB} MiB, HTTP";
                await ForgedAsync(path, $"{name}/2, 1 connection", HttpVersion.Version20, connections: 1, callsEach: 100, size);
                await ForgedAsync(path, $"{name}/2, 20 connections", HttpVersion.Version20, connections: 20, callsEach: 20, size);
                await ForgedAsync(path, $"{name}/1.1, 200 connections", HttpVersion.Version11, connections: 1, callsEach: 200, size);
            }
        }

        if (attack is null or "silent")
        {
            await SilentAsync(path);
        }

        if (attack is null or "events")
        {
            await EventsAsync(path);
        }

        return 0;
    }

    private static async Task ForgedAsync(string program, string name, Version version, int connections, int callsEach, int size)
    {
        await using ServedProcess server = await ServedProcess.StartAsync(program);
        long before = server.Memory;
        long sent = 0;
        using var end = new CancellationTokenSource();
        HttpClient[] clients = [.. Enumerable.Range(0, connections).Select(_ => Callers.Client(server.Url))];
        Task<int>[] calls = [.. clients.SelectMany(client => Enumerable.Range(0, callsEach).Select(_ => client.StatusAsync(
            Callers.Forged(version, new EndlessBody(size, count => Interlocked.Add(ref sent, count), end.Token)), end.Token)))];
        await CalmAsync(() => Interlocked.Read(ref sent));
        long during = server.Memory;
        string answers = string.Join(", ", calls.Where(call => call.IsCompletedSuccessfully).CountBy(call => call.Result).Select(one => $"{one.Value} x {one.Key}"));
        await end.CancelAsync();
        await Task.WhenAll(calls);
        Array.ForEach(clients, client => client.Dispose());
        await Task.Delay(Later);
        Print(name, before, during, server, $"{Interlocked.Read(ref sent) / MiB} MiB sent; answered meanwhile: {answers}");
    }

    private static async Task SilentAsync(string program)
    {
        await using ServedProcess server = await ServedProcess.StartAsync(program);
        long before = server.Memory;
        var connections = new List<Stream>();
        for (int i = 0; i < Silent && await Callers.ConnectAsync(server.Url) is { } connection; i++)
        {
            connections.Add(connection);
        }

        await Task.Delay(Calm);
        long during = server.Memory;
        string others = string.Join("; ", await WaitAsync(server, "127.0.0.1"), await WaitAsync(server, "127.0.0.2"));
        connections.ForEach(connection => connection.Dispose());
        await Task.Delay(Later);
        Print($"{Silent} silent connections", before, during, server, $"{connections.Count} accepted; {others}");
    }

    private static async Task<string> WaitAsync(ServedProcess server, string from)
    {
        long start = Stopwatch.GetTimestamp();
        for (; ; )
        {
            using HttpClient client = Callers.Client(server.Url, IPAddress.Parse(from));
            int status = await client.StatusAsync(new HttpRequestMessage(HttpMethod.Get, "serverless-issuing-ca-dev.crl"), CancellationToken.None);
            if (status == (int)HttpStatusCode.OK)
            {
                return string.Create(CultureInfo.InvariantCulture, $"the CRL came to {from} after {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    private static async Task EventsAsync(string program)
    {
        await using ServedProcess server = await ServedProcess.StartAsync(program);
        long before = server.Memory;
        byte[] body = Callers.LargeRequest(MiB);
        using HttpClient client = Callers.Client(server.Url);
        var answers = new List<int>();
        foreach (int[] some in Enumerable.Range(0, Events).Chunk(20))
        {
            answers.AddRange(await Task.WhenAll(some.Select(_ => client.StatusAsync(Callers.Event(new ByteArrayContent(body)), CancellationToken.None))));
        }

        long during = server.Memory;
        await Task.Delay(Later);
        Print($"{Events} events of 1 MiB", before, during, server, string.Join(", ", answers.CountBy(status => status).Select(one => $"{one.Value} x {one.Key}")));
    }

    private static async Task CalmAsync(Func<long> sent)
    {
        await Task.Delay(Calm); // connections are made
        for (long last = -1, now = sent(); now != last; now = sent())
        {
            last = now;
            await Task.Delay(Calm);
        }
    }

    private static void Print(string name, long before, long during, ServedProcess server, string more) => Console.WriteLine(
        $"{name,-44}{Megabytes(before),8}{Megabytes(during),8}{Megabytes(server.Peak),8}{Megabytes(server.Memory),8}   {more}");

    private static string Megabytes(long bytes) => (bytes / 1_000_000).ToString(CultureInfo.InvariantCulture);
}
