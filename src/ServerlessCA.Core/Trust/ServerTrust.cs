using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Trust;

/// <summary>Says for people what is wrong with a TLS server's certificate, and what to do: the platform judges it, and names
/// its own constants. Whoever opens TLS connections asks it in its callback. Immutable.</summary>
/// <param name="HowToTrust">What to do when no trusted CA has signed the certificate.</param>
/// <param name="RootsFile">The file with the CAs that are trusted instead of the system's; null: those of the system.</param>
/// <param name="HowToName">What else than calling it by another name to do when the certificate is for other names.</param>
public sealed record ServerTrust(string HowToTrust, string? RootsFile = null, string? HowToName = null)
{
    private const int MaxNames = 10; // in a message
    private const string CallByName = "call it by a name that its certificate has";
    private const string NewCertificate = "the server needs another certificate";
    private const X509ChainStatusFlags NoPath =
        X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid;

    /// <summary>True when the platform found nothing wrong; else throws, which ends the connection.</summary>
    /// <param name="isFine">Whether the platform found nothing wrong.</param>
    /// <param name="isOfAnotherName">Whether it found the name wrong.</param>
    /// <param name="certificate">What the server showed; null: nothing.</param>
    /// <param name="chain">As the platform built it.</param>
    /// <param name="host">The name or address that was called.</param>
    /// <exception cref="ServerNotTrustedException">Something is wrong with it.</exception>
    public bool Accepts(bool isFine, bool isOfAnotherName, X509Certificate? certificate, X509Chain? chain, string host) =>
        isFine ? true : throw new ServerNotTrustedException(FaultOf(certificate as X509Certificate2, chain, isOfAnotherName, host));

    // A certificate of somebody else is told first: its names say where one came to.
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
            .SelectMany(extension => Read(extension.RawData))
            .Select(name => name.Split(' ', 2))
            .Where(name => name[0] is DnsGeneralName.TypeName or IpGeneralName.TypeName)
            .Select(name => name[1])];
        return string.Join(", ", names.Take(MaxNames)) + (names.Length > MaxNames ? $" and {names.Length - MaxNames} more" : "");
    }

    private static IReadOnlyList<string> Read(byte[] extension)
    {
        try
        {
            return GeneralNames.Read(new AsnReader(extension, AsnEncodingRules.DER).ReadSequence());
        }
        catch (AsnContentException)
        {
            return []; // names that nobody can read are none
        }
    }

    private static string Sentences(X509Chain? chain) =>
        string.Join("; ", chain?.ChainStatus.Select(status => status.StatusInformation.Trim()).Where(text => text.Length > 0) ?? []);

    private static string Text(DateTime time) => TableTime.Text(time.ToUniversalTime());
}
