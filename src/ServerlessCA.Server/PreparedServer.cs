using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server;

/// <summary>What of a server can fail without a CA: its options fit together, it has its port, and the files with its
/// certificate do. So nobody gets a new CA by an attempt that fails. Callers wait from now on until it starts.</summary>
public sealed class PreparedServer : IDisposable
{
    private const int Backlog = 512; // Kestrel's own

    private PreparedServer(ServerOptions options, Socket socket, FileIdentity? files)
    {
        Options = options;
        Socket = socket;
        Files = files;
    }

    /// <summary>How it is set up.</summary>
    public ServerOptions Options { get; }

    /// <summary>Listens.</summary>
    internal Socket Socket { get; }

    /// <summary>The certificate of files; null: there are none.</summary>
    internal FileIdentity? Files { get; }

    /// <summary>Takes the port, and reads the files.</summary>
    /// <param name="options">How it is set up; nothing may be <see cref="ServerOptions.Missing"/>.</param>
    /// <param name="clock">Times the reading.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ListenFailedException">The port is taken, or the address not one of this machine or not for this user.</exception>
    /// <exception cref="TlsUnusableException">The files or the names do not do for TLS.</exception>
    public static async Task<PreparedServer> CreateAsync(ServerOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        if (options.Missing().Count > 0)
        {
            throw new ArgumentException($"the server lacks {string.Join(", ", options.Missing())}", nameof(options));
        }

        Socket socket = Listen(options.Listen);
        try
        {
            if (options.Tls is TlsSource.OwnCertificate own)
            {
                OwnIdentity.Check(own.Names);
            }

            return new PreparedServer(
                options, socket, options.Tls is TlsSource.Files files ? await FileIdentity.CreateAsync(files, clock, cancellation) : null);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Gives the port back, unless a server has it.</summary>
    public void Dispose() => Socket.Dispose();

    // Bound alone would not do: until one listens, another program could have the same port on Linux.
    private static Socket Listen(IPEndPoint address)
    {
        Socket? socket = null;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException fault)
        {
            socket?.Dispose();
            throw new ListenFailedException(
                fault.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse => $"another program listens on port {address.Port}",
                    SocketError.AddressNotAvailable => $"{address.Address} is no address of this machine",
                    SocketError.AccessDenied => $"this user may not listen on port {address.Port}",
                    _ => fault.Message,
                },
                fault.SocketErrorCode == SocketError.AddressAlreadyInUse,
                fault);
        }
    }
}

/// <summary>The server cannot listen where it shall. The message says why, in words that go behind "cannot listen on …:".</summary>
/// <param name="message">Why.</param>
/// <param name="isTaken">Whether another program has the port.</param>
/// <param name="cause">What the system said.</param>
public sealed class ListenFailedException(string message, bool isTaken, Exception cause) : IOException(message, cause)
{
    /// <summary>Whether another program has the port.</summary>
    public bool IsTaken => isTaken;
}

/// <summary>The server has no certificate to serve TLS with. The message names the file or the host name, and says what
/// was wrong.</summary>
public sealed class TlsUnusableException(string message, Exception? cause = null) : Exception(message, cause);
