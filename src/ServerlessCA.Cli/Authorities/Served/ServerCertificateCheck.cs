using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ServerlessCA.Cli.Authorities.Served;

/// <summary>What is wrong with a server's certificate, for people. Immutable.</summary>
/// <param name="Message">What.</param>
/// <param name="Hint">What to do.</param>
internal sealed record ServerCertificateFault(string Message, string Hint);

/// <summary>Judges a server's certificate as the platform does, and remembers why not: its exceptions name constants.</summary>
/// <param name="host">The name or address that was called.</param>
/// <param name="rootsFile">The file with the CAs that are trusted instead of the system's; null: those of the system.</param>
internal sealed class ServerCertificateCheck(string host, string? rootsFile)
{
    private const int MaxNames = 10; // in a message
    private const X509ChainStatusFlags NoPath =
        X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid;

    private volatile ServerCertificateFault? whyNot;

    /// <summary>What was wrong with the last one; null: nothing, or there was none.</summary>
    public ServerCertificateFault? WhyNot => whyNot;

    /// <summary>Judges one: the callback of <see cref="SslClientAuthenticationOptions"/>.</summary>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        whyNot = errors == SslPolicyErrors.None ? null : FaultOf(certificate as X509Certificate2, chain, errors);
        return errors == SslPolicyErrors.None;
    }

    // A certificate of somebody else is told first: its names say where one came to.
    private ServerCertificateFault FaultOf(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return new("it shows no certificate", "check address and port");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return NamesOf(certificate) is { Length: > 0 } names
                ? new($"its certificate is for {names}, not for {host}", "call it by a name that its certificate has, or have one issued for this name: serve --tls-name")
                : new($"its certificate has no names, so it is not for {host}", "have one issued for this name: serve --tls-name");
        }

        X509ChainStatusFlags flags = chain?.ChainStatus.Aggregate(default(X509ChainStatusFlags), (all, one) => all | one.Status) ?? default;
        return flags.HasFlag(X509ChainStatusFlags.NotTimeValid) ? OfTime(chain!)
            : flags.HasFlag(X509ChainStatusFlags.NotValidForUsage) ? new("its certificate is not for servers", "the server needs a certificate with the purpose server_auth")
            : flags.HasFlag(X509ChainStatusFlags.Revoked) ? new("its certificate is revoked", "the server needs another certificate")
            : (flags & NoPath) == 0 ? new($"its certificate does not do: {Sentences(chain)}", "the server needs another certificate")
            : rootsFile is null ? new("no CA that this machine trusts has signed its certificate", "name the CA that signed the server's certificate: --ca-file")
            : new($"no CA of '{rootsFile}' has signed its certificate, which is of '{certificate.Issuer}'", "give the root of the CA that signed it: --ca-file");
    }

    private static ServerCertificateFault OfTime(X509Chain chain)
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
        X509SubjectAlternativeNameExtension[] extensions = [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()];
        string[] names = [.. extensions.SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())))];
        return string.Join(", ", names.Take(MaxNames)) + (names.Length > MaxNames ? $" and {names.Length - MaxNames} more" : "");
    }

    private static string Sentences(X509Chain? chain) =>
        string.Join("; ", chain?.ChainStatus.Select(status => status.StatusInformation.Trim()).Where(text => text.Length > 0) ?? []);

    private static string Text(DateTime time) => Core.Records.TableTime.Text(time.ToUniversalTime());
}
