using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Trust;

/// <summary>Explains to people what is wrong with a TLS server's certificate, and what to do. The platform judges the
/// certificate, but reports only its own constants; code that opens TLS connections calls this in its callback.
/// Immutable.</summary>
/// <param name="HowToTrust">What to do when no trusted CA has signed the certificate.</param>
/// <param name="RootsFile">The file with the CAs that are trusted instead of the system's; null: the system's are.</param>
/// <param name="HowToName">How to have a certificate issued for the name that was called; null when there is no way.</param>
public sealed record ServerTrust(string HowToTrust, string? RootsFile = null, string? HowToName = null)
{
    private const int MaxNames = 10; // in a message
    private const string CallByName = "call it by a name that its certificate has";
    private const string NewCertificate = "the server needs another certificate";
    private const X509ChainStatusFlags NoPath =
        X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid;

    /// <summary>Returns true when the platform found nothing wrong; otherwise throws, which ends the connection.</summary>
    /// <param name="isFine">Whether the platform found nothing wrong.</param>
    /// <param name="isOfAnotherName">Whether it found that the name is wrong.</param>
    /// <param name="certificate">The server's certificate; null when it presented none.</param>
    /// <param name="chain">The chain that the platform built.</param>
    /// <param name="host">The name or address that was called.</param>
    /// <exception cref="ServerNotTrustedException">Something is wrong with it.</exception>
    public bool Accepts(bool isFine, bool isOfAnotherName, X509Certificate? certificate, X509Chain? chain, string host) =>
        isFine ? true : throw new ServerNotTrustedException(FaultOf(certificate as X509Certificate2, chain, isOfAnotherName, host));

    // A wrong name is reported first: the certificate's names say which server answered.
    private TlsFault FaultOf(X509Certificate2? certificate, X509Chain? chain, bool isOfAnotherName, string host)
    {
        if (certificate is null)
        {
            return new("it shows no certificate", "check address and port");
        }

        if (isOfAnotherName)
        {
            string names = NamesOf(certificate);
            string? issue = HowToName is null ? null : $"have one issued for this name: {HowToName}";
            return names.Length > 0
                ? new($"its certificate is for {names}, not for {host}", issue is null ? CallByName : $"{CallByName}, or {issue}")
                : new($"its certificate has no names, so it is not for {host}", issue ?? NewCertificate);
        }

        X509ChainStatusFlags flags = chain?.ChainStatus.Aggregate(default(X509ChainStatusFlags), (all, one) => all | one.Status) ?? default;
        return flags.HasFlag(X509ChainStatusFlags.NotTimeValid) ? OfTime(chain!)
            : flags.HasFlag(X509ChainStatusFlags.NotValidForUsage) ? new("its certificate is not for servers", "the server needs a certificate with the purpose server_auth")
            : flags.HasFlag(X509ChainStatusFlags.Revoked) ? new("its certificate is revoked", NewCertificate)
            : (flags & NoPath) == 0 ? new($"its certificate does not do: {Sentences(chain)}", NewCertificate)
            : RootsFile is null ? new("no CA that this machine trusts has signed its certificate", HowToTrust)
            : new($"no CA of '{RootsFile}' has signed its certificate, which is of '{certificate.Issuer}'", HowToTrust);
    }

    private static TlsFault OfTime(X509Chain chain)
    {
        X509Certificate2 outside = chain.ChainElements
            .First(element => element.ChainElementStatus.Any(status => status.Status.HasFlag(X509ChainStatusFlags.NotTimeValid))).Certificate;
        bool isServer = ReferenceEquals(outside, chain.ChainElements[0].Certificate);
        string whose = isServer ? "its certificate" : $"the CA certificate '{outside.Subject}' behind its certificate";
        return new(
            $"{whose} is good from {Text(outside.NotBefore)} to {Text(outside.NotAfter)}, and it is another time now",
            "compare this machine's clock; else the server needs a new certificate");
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        string[] names = [.. certificate.Extensions
            .Where(extension => extension.Oid?.Value == ExtensionOids.SubjectAlternativeName)
            .SelectMany(extension => GeneralNames.TryRead(extension.RawData, out IReadOnlyList<AlternativeName> read) ? read : []) // unreadable names count as none
            .Where(name => name.Type is DnsGeneralName.TypeName or IpGeneralName.TypeName)
            .Select(name => name.Value)];
        return string.Join(", ", names.Take(MaxNames)) + (names.Length > MaxNames ? $" and {names.Length - MaxNames} more" : "");
    }

    private static string Sentences(X509Chain? chain) =>
        string.Join("; ", chain?.ChainStatus.Select(status => status.StatusInformation.Trim()).Where(text => text.Length > 0) ?? []);

    private static string Text(DateTime time) => TableTime.Text(time.ToUniversalTime());
}

/// <summary>Reports that a server's certificate is not trusted. It ends a TLS handshake, and stands inside the platform's
/// exceptions.</summary>
/// <param name="fault">What was wrong, and what to do.</param>
public sealed class ServerNotTrustedException(TlsFault fault) : AuthenticationException(fault.Text)
{
    /// <summary>Gets what was wrong, and what to do.</summary>
    public TlsFault Fault => fault;
}

/// <summary>Explains to people why no TLS connection to a server came about. Immutable.</summary>
/// <param name="Message">What was wrong with the server: "it …" or "its certificate …".</param>
/// <param name="Hint">What to do.</param>
public sealed record TlsFault(string Message, string Hint)
{
    /// <summary>Joins both in one line.</summary>
    public string Text => $"{Message}; {Hint}";

    /// <summary>Explains what the platform threw during a TLS handshake. The platform's own words name its internals: 'frame
    /// size', 'SSL alert', 'see inner exception'.</summary>
    /// <param name="fault">The exception.</param>
    /// <param name="clientCertificate">How to give a client certificate, which follows a colon; null when there is no
    /// way.</param>
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

    /// <summary>Finds the fault of the server's certificate in an exception; null when it is about something else.</summary>
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
