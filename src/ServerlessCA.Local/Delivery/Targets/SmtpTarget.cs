using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using ServerlessCA.Core.Texts;
using ServerlessCA.Core.Trust;
using ServerlessCA.Local.Delivery.Settings;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Delivery.Targets;

/// <summary>Sends events to a mailbox, one mail for each.</summary>
internal sealed class SmtpTarget(SmtpTargetSettings settings) : IDeliveryTarget
{
    private const int Timeout = 20_000; // milliseconds for each command; our decision

    public string Id => settings.Id;

    public string Name => settings.Name;

    public async Task<DeliveryOutcome> SendAsync(QueuedEvent queued, CancellationToken cancellation)
    {
        string? password = null;
        if (settings.Password is { } source && !source.TryRead(out password, out string? why))
        {
            return DeliveryOutcome.Unavailable(why);
        }

        try
        {
            await SendAsync(EventMail.Of(queued, settings), password, cancellation);
            return DeliveryOutcome.Delivered;
        }
        catch (SmtpCommandException refusal) when (refusal.ErrorCode == SmtpErrorCode.MessageNotAccepted && (int)refusal.StatusCode >= 500)
        {
            return DeliveryOutcome.Refused($"{settings.Host} refuses the mail: {(int)refusal.StatusCode} {refusal.Message}");
        }
        catch (Exception fault) when (IsOfTheOtherSide(fault))
        {
            return DeliveryOutcome.Unavailable($"{settings.Host} does not take mail: {WhyNot(fault)}");
        }
    }

    private async Task SendAsync(MimeMessage mail, string? password, CancellationToken cancellation)
    {
        using SmtpClient client = Client();
        await client.ConnectAsync(settings.Host, settings.Port, Security(), cancellation);
        if (settings.User is { } user)
        {
            await client.AuthenticateAsync(Encoding.UTF8, user, password!, cancellation);
        }

        // The envelope names the one recipient of this target: a mailbox that refuses mail does not affect others.
        MailboxAddress recipient = MailboxAddress.Parse(settings.Recipient);
        await client.SendAsync(mail, mail.From.Mailboxes.First(), [recipient], cancellation);
        try
        {
            await client.DisconnectAsync(quit: true, cancellation);
        }
        catch (Exception fault) when (fault is OperationCanceledException || IsOfTheOtherSide(fault))
        {
            // The server has the mail; a failing QUIT does not matter.
        }
    }

    private SmtpClient Client()
    {
        RemoteCertificateValidationCallback accepts = MailServerTrust.Of(settings.Host, settings.CaFile).Accepts;
        return new SmtpClient
        {
            Timeout = Timeout,
            CheckCertificateRevocation = false, // like .NET's HTTP client: an unreachable CRL must not stop mail
            ServerCertificateValidationCallback = accepts,
        };
    }

    // MailKit describes TLS failures in many lines, and repeats the platform's.
    private static string WhyNot(Exception fault) =>
        fault is SslHandshakeException or System.Security.Authentication.AuthenticationException ? TlsFault.Of(fault).Text : fault.Message;

    private SecureSocketOptions Security() => settings.Encryption switch
    {
        SmtpEncryption.Tls => SecureSocketOptions.SslOnConnect,
        SmtpEncryption.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls, // fails if the server offers none: never plain by surprise
    };

    // NotSupportedException: no STARTTLS, no way to log in. ServiceNotConnectedException is an InvalidOperationException.
    private static bool IsOfTheOtherSide(Exception fault) => fault is CommandException or ProtocolException
        or AuthenticationException or System.Security.Authentication.AuthenticationException or SslHandshakeException
        or ServiceNotConnectedException or SocketException or IOException or TimeoutException or NotSupportedException
        or UnauthorizedAccessException or CryptographicException;
}

/// <summary>Decides whether a mail server is trusted. A file of CAs may replace those of the system: mail servers of a
/// network often have certificates from its own CA, this one for instance. The name must match as always.</summary>
internal sealed class MailServerTrust
{
    private const int MaxBytes = 1 << 20; // our decision: more than all public roots together

    private readonly X509Certificate2Collection? roots;
    private readonly string host;
    private readonly ServerTrust trust;

    private MailServerTrust(string host, string? caFile, X509Certificate2Collection? roots)
    {
        this.host = host;
        this.roots = roots;
        trust = caFile is null
            ? new ServerTrust("name the CA that signed the server's certificate: ca_file in the target's settings")
            : new ServerTrust("give the root of the CA that signed it: ca_file in the target's settings", caFile);
    }

    /// <summary>Reads the file of CAs, and makes the trust in a server.</summary>
    /// <param name="host">The server's name.</param>
    /// <param name="caFile">A PEM file of trusted CAs; null: those of the system are trusted.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="CryptographicException">The file holds no certificates in PEM.</exception>
    public static MailServerTrust Of(string host, string? caFile)
    {
        if (caFile is null)
        {
            return new MailServerTrust(host, null, null);
        }

        byte[] content = RegularFile.ReadAllBytes(caFile, MaxBytes) ?? throw new IOException($"'{caFile}' has more than {MaxBytes} bytes");
        X509Certificate2Collection roots = [];
        roots.ImportFromPem(TextFile.TryRead(content, out string? pem, out TextFault? why) ? pem : throw new CryptographicException($"file '{caFile}': {why}"));
        return roots.Count > 0 ? new MailServerTrust(host, caFile, roots) : throw new CryptographicException($"file '{caFile}' has no certificate in PEM");
    }

    /// <summary>Checks the certificate of a connection, as its callback.</summary>
    /// <exception cref="ServerNotTrustedException">The certificate is not trusted.</exception>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        bool isOfAnotherName = errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
        if (roots is null || certificate is not X509Certificate2 server)
        {
            return trust.Accepts(errors == SslPolicyErrors.None, isOfAnotherName, certificate, sent, host);
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // serverAuth (RFC 5280 §4.2.1.12)
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        bool isFine = chain.Build(server) && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None;
        return trust.Accepts(isFine, isOfAnotherName, server, chain, host);
    }
}
