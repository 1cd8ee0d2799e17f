using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ServerlessCA.Testing;

/// <summary>Finds ports for programs that have to be given one.</summary>
public static class FreePorts
{
    // Linux takes ports from 32768 on for connections and for whoever asks for any: one below stays free until its program takes it.
    private const int First = 20000;
    private const int Beyond = 32768;

    private static readonly ConcurrentDictionary<int, bool> Given = [];

    /// <summary>Returns a port on which nobody listens, and which no other test of this process has got.</summary>
    public static int Next()
    {
        while (true)
        {
            int port = Random.Shared.Next(First, Beyond);
            if (Given.TryAdd(port, true) && IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
