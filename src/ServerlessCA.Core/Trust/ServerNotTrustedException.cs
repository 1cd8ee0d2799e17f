using System.Security.Authentication;

namespace ServerlessCA.Core.Trust;

/// <summary>A server's certificate does not do. Ends a TLS handshake; the platform's exceptions have it inside.</summary>
/// <param name="fault">Why, and what to do.</param>
public sealed class ServerNotTrustedException(TlsFault fault) : AuthenticationException(fault.Text)
{
    /// <summary>Why, and what to do.</summary>
    public TlsFault Fault => fault;
}
