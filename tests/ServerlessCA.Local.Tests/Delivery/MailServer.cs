using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ServerlessCA.Local.Tests.Delivery;

/// <summary>Holds a mail that a server accepted. Immutable.</summary>
public sealed record TakenMail(string From, IReadOnlyList<string> To, string Data, bool Encrypted, string? Credentials);

/// <summary>Speaks enough SMTP (RFC 5321) with STARTTLS (RFC 3207) and AUTH PLAIN (RFC 4954) to take mail.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<TakenMail> taken = new();
    private readonly ConcurrentQueue<string> commands = new();
    private readonly Task serving;

    private MailServer()
    {
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        serving = ServeAsync();
    }

    public int Port { get; }

    /// <summary>The certificate for STARTTLS, or for TLS from the start; null: plain only.</summary>
    public X509Certificate2? Certificate { get; private init; }

    public bool TlsFromTheStart { get; private init; }

    /// <summary>Returns another reply to a command's first word; null for the usual one.</summary>
    public Func<string, string?> Answers { get; set; } = _ => null;

    public IReadOnlyList<TakenMail> Taken => [.. taken];

    public IReadOnlyList<string> Commands => [.. commands];

    public static MailServer Start(X509Certificate2? certificate = null, bool tlsFromTheStart = false) =>
        new() { Certificate = certificate, TlsFromTheStart = tlsFromTheStart };

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await serving;
        stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await listener.AcceptTcpClientAsync(stopping.Token);
                await ConverseAsync(client.GetStream());
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException
                or System.Security.Authentication.AuthenticationException or InvalidOperationException)
            {
                // The client went away, or the test is over.
            }
        }
    }

    private async Task ConverseAsync(Stream stream)
    {
        stream = TlsFromTheStart ? await EncryptAsync(stream) : stream;
        bool encrypted = TlsFromTheStart;
        string from = "";
        string? credentials = null;
        List<string> to = [];
        await SayAsync(stream, Answers("CONNECT") ?? "220 mail.example.test ESMTP");
        while (await ReadLineAsync(stream) is { } line)
        {
            commands.Enqueue(line);
            string word = line.Split(' ', ':')[0].ToUpperInvariant();
            if (Answers(word) is { } other)
            {
                await SayAsync(stream, other);
                continue;
            }

            switch (word)
            {
                case "EHLO":
                    string starttls = Certificate is null || encrypted ? "" : "250-STARTTLS\r\n";
                    await SayAsync(stream, $"250-mail.example.test\r\n{starttls}250-AUTH PLAIN\r\n250 SIZE 10000000");
                    break;
                case "STARTTLS":
                    await SayAsync(stream, "220 go ahead");
                    stream = await EncryptAsync(stream);
                    encrypted = true;
                    break;
                case "AUTH":
                    credentials = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2]));
                    await SayAsync(stream, "235 welcome");
                    break;
                case "MAIL":
                    from = line;
                    await SayAsync(stream, "250 ok");
                    break;
                case "RCPT":
                    to.Add(line);
                    await SayAsync(stream, "250 ok");
                    break;
                case "DATA":
                    await SayAsync(stream, "354 end with a dot");
                    taken.Enqueue(new TakenMail(from, [.. to], await ReadDataAsync(stream), encrypted, credentials));
                    await SayAsync(stream, Answers("DOT") ?? "250 taken");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye");
                    return;
                default:
                    await SayAsync(stream, "250 ok");
                    break;
            }
        }
    }

    private async Task<Stream> EncryptAsync(Stream stream)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, stopping.Token);
        return tls;
    }

    private async Task<string> ReadDataAsync(Stream stream)
    {
        var data = new StringBuilder();
        while (await ReadLineAsync(stream) is { } line && line != ".")
        {
            data.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        return data.ToString();
    }

    // Reads byte by byte: nothing of what follows STARTTLS may be read ahead.
    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one, stopping.Token) == 1)
        {
            line.Add(one[0]);
            if (line is [.., (byte)'\r', (byte)'\n'])
            {
                return Encoding.UTF8.GetString([.. line[..^2]]);
            }
        }

        return null;
    }

    private async Task SayAsync(Stream stream, string text)
    {
        if (text == "HANG")
        {
            await Task.Delay(Timeout.Infinite, stopping.Token);
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), stopping.Token);
    }
}

/// <summary>Makes a server's certificate from a CA of its own.</summary>
internal sealed class ServerCertificate : IDisposable
{
    private readonly X509Certificate2 root;

    /// <param name="name">The name in the certificate; null: 127.0.0.1.</param>
    /// <param name="expired">Whether it expired half an hour ago.</param>
    public ServerCertificate(string? name = null, bool expired = false)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=Mail Root", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        root = rootRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mail", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (name is null)
        {
            names.AddIpAddress(IPAddress.Loopback);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using X509Certificate2 alone = request.Create(root, DateTimeOffset.UtcNow.AddHours(-1), expired ? DateTimeOffset.UtcNow.AddMinutes(-30) : DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3]);
        Server = alone.CopyWithPrivateKey(key);
    }

    /// <summary>The certificate with its key.</summary>
    public X509Certificate2 Server { get; }

    public string RootPem => root.ExportCertificatePem();

    public void Dispose()
    {
        Server.Dispose();
        root.Dispose();
    }
}
