using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Served;

/// <summary>Finds out the health of a CA behind HTTP: what the server finds, and by which TLS it was reached.</summary>
internal sealed class ServedHealth
{
    private const string Subject = "TLS";

    private readonly Lock turn = new();
    private HealthFinding? tls;

    /// <summary>Notes a TLS connection.</summary>
    public void Connected(SslStream connection)
    {
        using var server = connection.RemoteCertificate is { } certificate ? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()) : null;
        string whose = server is null ? "" : $"; the server's certificate, '{server.Subject}', is good until {TableTime.Text(server.NotAfter.ToUniversalTime())} UTC";
        lock (turn)
        {
            tls = new HealthFinding(HealthLevel.Good, Subject, $"{NameOf(connection.SslProtocol)}, {connection.NegotiatedCipherSuite}{whose}");
        }
    }

    /// <summary>Finds it out.</summary>
    /// <param name="api">The calls, which note their connections here.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<HealthAnswer> FindAsync(ServedApi api, CancellationToken cancellation)
    {
        HealthAnswer server = await api.GetAsync("health", HealthDocument.Read, cancellation);
        HealthFinding own;
        lock (turn)
        {
            own = tls ?? new HealthFinding(
                api.Address.IsLoopback ? HealthLevel.Good : HealthLevel.Warning,
                Subject,
                api.Address.IsLoopback ? "none: plain HTTP, which does not leave this machine" : "none: whoever is on the way reads along, and can answer in the CA's place");
        }

        return HealthAnswer.Of([.. server.Findings ?? [new HealthFinding(server.Status, "CA", "the server does not say more")], own]) with { Version = server.Version };
    }

    private static string NameOf(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls13 => "TLS 1.3",
        SslProtocols.Tls12 => "TLS 1.2",
        _ => protocol.ToString(),
    };
}
