using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ServerlessCA.Benchmarks.Peers;
using ServerlessCA.Benchmarks.Results;

namespace ServerlessCA.Benchmarks.Load;

/// <summary>What one run against a server measured. Immutable.</summary>
/// <param name="Rate">Certificates a second.</param>
/// <param name="Work">Processor time of the server for each, in milliseconds.</param>
/// <param name="Median">Time to the answer that half of the requests did not exceed, in milliseconds.</param>
/// <param name="Slowest">The same for 99 in 100.</param>
internal sealed record LoadFigures(double Rate, double Work, double Median, double Slowest);

/// <summary>The clients of all servers. Each has a connection of its own, and sends its next request when the last is answered.</summary>
internal static class LoadGenerator
{
    /// <summary>Has each CSR signed once.</summary>
    /// <exception cref="InvalidOperationException">A server did not answer with a certificate for the key of the CSR.</exception>
    public static async Task<LoadFigures> RunAsync(Peer peer, int clients, IReadOnlyList<LoadCsr> csrs)
    {
        LoadCsr[][] shares = [.. csrs.Chunk((csrs.Count + clients - 1) / clients)];
        byte[][][] requests = [.. shares.Select(share => share.Select(peer.Request).ToArray())];
        WireConnection[] connections = await Task.WhenAll(shares.Select(_ => WireConnection.ConnectAsync(peer.Url)));
        try
        {
            TimeSpan before = peer.Meter.Processor;
            long start = Stopwatch.GetTimestamp();
            Client[] ran = await Task.WhenAll(requests.Zip(connections, (own, connection) => Task.Run(() => CallAsync(peer, connection, own))));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            TimeSpan work = peer.Meter.Processor - before;
            foreach ((Client client, LoadCsr[] share) in ran.Zip(shares))
            {
                Check(peer, client.Last, share[^1]);
            }

            double[] times = [.. ran.SelectMany(client => client.Milliseconds)];
            return new LoadFigures(csrs.Count / seconds, work.TotalMilliseconds / csrs.Count, Figure.Median(times), Figure.Percentile(times, 0.99));
        }
        finally
        {
            Array.ForEach(connections, connection => connection.Dispose());
        }
    }

    private static async Task<Client> CallAsync(Peer peer, WireConnection connection, byte[][] requests)
    {
        double[] times = new double[requests.Length];
        byte[] last = [];
        for (int index = 0; index < requests.Length; index++)
        {
            long start = Stopwatch.GetTimestamp();
            (int status, ReadOnlyMemory<byte> body) = await connection.SendAsync(requests[index]);
            times[index] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (status is < 200 or > 299 || body.Span.IndexOf(peer.Success.Span) < 0)
            {
                throw new InvalidOperationException($"{peer.Name} answered {status}: {System.Text.Encoding.UTF8.GetString(body.Span)}");
            }

            if (index == requests.Length - 1)
            {
                last = body.ToArray();
            }
        }

        return new Client(times, last);
    }

    private static void Check(Peer peer, byte[] answer, LoadCsr csr)
    {
        using var json = JsonDocument.Parse(answer);
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(peer.Certificate(json.RootElement));
        if (!certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(csr.PublicKey))
        {
            throw new InvalidOperationException($"{peer.Name} answered with the certificate of another key than that of {csr.Name}");
        }
    }

    private sealed record Client(double[] Milliseconds, byte[] Last);
}
