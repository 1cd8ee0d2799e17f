using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server;

/// <summary>Checks everything of a server that can fail without a CA: that its options fit together, that its port is
/// free, and that its certificate files are valid. So a start that fails creates no CA. From now on callers wait until
/// the server starts.</summary>
public sealed class PreparedServer : IDisposable
{
    private const int Backlog = 512; // the same as Kestrel's

    private PreparedServer(ServerOptions options, Socket socket, FileIdentity? files)
    {
        Options = options;
        Socket = socket;
        Files = files;
    }

    /// <summary>The server's options.</summary>
    public ServerOptions Options { get; }

    /// <summary>The socket that listens.</summary>
    internal Socket Socket { get; }

    /// <summary>The certificate from files; null: there are none.</summary>
    internal FileIdentity? Files { get; }

    /// <summary>Takes the port, and reads the files.</summary>
    /// <param name="options">The server's options; nothing may be <see cref="ServerOptions.Missing"/>.</param>
    /// <param name="clock">Measures the timeout of the reading.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="ListenFailedException">The port is taken, the address does not belong to this machine, or this
    /// user may not use it.</exception>
    /// <exception cref="TlsUnusableException">TLS cannot use the files or the names.</exception>
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

    /// <summary>Releases the port, unless a server has it.</summary>
    public void Dispose() => Socket.Dispose();

    // Binding is not enough: until one listens, another program could take the same port on Linux.
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

/// <summary>Reports that the server cannot listen on its address. The message says why, in words that follow "cannot
/// listen on …:".</summary>
/// <param name="message">The reason.</param>
/// <param name="isTaken">Whether another program has the port.</param>
/// <param name="cause">The system's error.</param>
public sealed class ListenFailedException(string message, bool isTaken, Exception cause) : IOException(message, cause)
{
    /// <summary>Whether another program has the port.</summary>
    public bool IsTaken => isTaken;
}

/// <summary>Reports that the server has no certificate to serve TLS with. The message names the file or the host name,
/// and says what was wrong.</summary>
public sealed class TlsUnusableException(string message, Exception? cause = null) : Exception(message, cause);
