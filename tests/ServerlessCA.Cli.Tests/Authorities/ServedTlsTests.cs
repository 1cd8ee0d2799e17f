using System.Security.Authentication;
using ServerlessCA.Cli.Authorities;

namespace ServerlessCA.Cli.Tests.Authorities;

/// <summary>Tests that a failed TLS handshake with a served CA is described in plain words.</summary>
public sealed class ServedTlsTests
{
    private static readonly Uri Address = new("https://ca.example.com:8443/");

    [Theory]
    [InlineData("Cannot determine the frame size or a corrupted frame was received.", "it does not speak TLS on this port")]
    [InlineData("Authentication failed because the remote party sent a TLS alert: 'HandshakeFailure'.", "it and this program agree on no TLS")]
    [InlineData("Received an unexpected EOF or 0 bytes from the transport stream.", "it ended the connection while TLS was agreed on")]
    public void A_handshake_that_fails_is_described_in_plain_words(string said, string expected)
    {
        var fault = new HttpRequestException(HttpRequestError.SecureConnectionError, "The SSL connection could not be established", new AuthenticationException(said));

        AuthorityFault seen = ServedFault.OfConnection(Address, fault, mayBeIssued: true);

        Assert.Equal($"'{Address}' cannot be reached: {expected}", seen.Message);
        Assert.False(seen.MayBeIssued);
    }
}
