namespace ServerlessCA.Core.Trust;

/// <summary>Why TLS was not agreed on with a server, for people. Immutable.</summary>
/// <param name="Message">What was wrong, of the server: "it …" or "its certificate …".</param>
/// <param name="Hint">What to do.</param>
public sealed record TlsFault(string Message, string Hint)
{
    /// <summary>Both in one line.</summary>
    public string Text => $"{Message}; {Hint}";

    /// <summary>Of what the platform threw where TLS was being agreed on. Its own words name its parts: 'frame size', 'SSL
    /// alert', 'see inner exception'.</summary>
    /// <param name="fault">What it threw.</param>
    /// <param name="clientCertificate">Behind a colon: how to give a client certificate; null: there is none to give.</param>
    public static TlsFault Of(Exception fault, string? clientCertificate = null)
    {
        if (OfCertificate(fault) is { } untrusted)
        {
            return untrusted;
        }

        string said = Innermost(fault).Message;
        return said.Contains("frame", StringComparison.OrdinalIgnoreCase) || said.Contains("wrong version number", StringComparison.OrdinalIgnoreCase)
                ? new("it does not speak TLS on this port", "write http:// if it is this machine, or name the port that speaks TLS")
            : said.Contains("EOF", StringComparison.Ordinal) || fault.InnerException is IOException
                ? new("it ended the connection while TLS was agreed on", "check address and port; a server with too many connections ends new ones: try again later")
            : new("it and this program agree on no TLS", $"the server must know TLS 1.2 or 1.3; it may also insist on a client certificate{(clientCertificate is null ? "" : $": {clientCertificate}")}");
    }

    /// <summary>The fault of the server's certificate that an exception is about; null: it is about something else.</summary>
    public static TlsFault? OfCertificate(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            if (fault is ServerNotTrustedException untrusted)
            {
                return untrusted.Fault;
            }
        }

        return null;
    }

    private static Exception Innermost(Exception fault) => fault.InnerException is { } inner ? Innermost(inner) : fault;
}
