using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Server.Access;

namespace ServerlessCA.Server.Tests.Support;

/// <summary>Makes credentials for tests.</summary>
public static class SomeAccess
{
    public const string TokenText = "dGhpcyBpcyBhIHRva2VuIGZvciB0ZXN0cw+/=";

    public static AccessToken Token { get; } = AccessToken.TryParse(TokenText, out AccessToken? token, out _) ? token! : throw new InvalidOperationException();

    /// <summary>Makes a client whose certificates admit, by its name.</summary>
    public static AllowedClient Client(string text) =>
        AllowedClient.TryParse(text, out AllowedClient? client, out string? why) ? client : throw new ArgumentException(why, nameof(text));

    /// <summary>Writes the root CA's certificate into a file.</summary>
    public static async Task<string> RootFileAsync(RunningServer server)
    {
        CertificateAuthority root = (await CertificateAuthority.FindAsync(
            server.Ca.Ledger, server.Ca.Settings.Names.RootCa, TestContext.Current.CancellationToken))!;
        return server.Folder.Write("root.pem", root.Certificate.Pem);
    }

    /// <summary>Gets a certificate from the server's CA, with its key.</summary>
    public static async Task<X509Certificate2> CertificateAsync(RunningServer server, string name, string purpose = "client_auth", int lifetime = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string request = Calls.Request(name, key, json =>
        {
            json["purposes"] = new JsonArray(purpose);
            json["lifetime"] = lifetime;
        });
        IssueOutcome outcome = await new IssueCertificate(server.Ca).RunAsync(
            System.Text.Encoding.UTF8.GetBytes(request), TestContext.Current.CancellationToken);
        using X509Certificate2 bare = X509Certificate2.CreateFromPem(JsonDocument.Parse(outcome.Json).RootElement.Text("Base64Certificate"));
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>Makes a client that trusts the server's root alone, with or without a certificate.</summary>
    public static async Task<HttpClient> ClientAsync(RunningServer server, X509Certificate2? certificate = null, IPAddress? from = null)
    {
        using X509Certificate2 root = X509CertificateLoader.LoadCertificateFromFile(await RootFileAsync(server));
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(root.RawData));
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false, // tests show them themselves
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(from ?? IPAddress.Any, 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.CertificateChainPolicy = trust;
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        return new HttpClient(handler) { BaseAddress = new Uri(server.Server.Url) };
    }
}
