using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using ServerlessCA.Core.Trust;
using ServerlessCA.Local.Delivery.Settings;

namespace ServerlessCA.Local.Delivery.Targets;

/// <summary>A mailbox: one mail for each event.</summary>
internal sealed class SmtpTarget(SmtpTargetSettings settings) : IDeliveryTarget
{
    private const int Timeout = 20_000; // milliseconds for each command; our decision

    public string Id => settings.Id;

    public string Name => settings.Name;

    public async Task<DeliveryOutcome> SendAsync(QueuedEvent told, CancellationToken cancellation)
    {
        string? password = null;
        if (settings.Password is { } source && !source.TryRead(out password, out string? why))
        {
            return DeliveryOutcome.Unavailable(why);
        }

        try
        {
            await SendAsync(EventMail.Of(told, settings), password, cancellation);
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

        // The envelope names the one recipient of this target: who refuses mail stops nobody else's.
        MailboxAddress recipient = MailboxAddress.Parse(settings.Recipient);
        await client.SendAsync(mail, mail.From.Mailboxes.First(), [recipient], cancellation);
        try
        {
            await client.DisconnectAsync(quit: true, cancellation);
        }
        catch (Exception fault) when (fault is OperationCanceledException || IsOfTheOtherSide(fault))
        {
            // The server has the mail; how it says goodbye does not matter.
        }
    }

    private SmtpClient Client()
    {
        RemoteCertificateValidationCallback accepts = MailServerTrust.Of(settings.Host, settings.CaFile).Accepts;
        return new SmtpClient
        {
            Timeout = Timeout,
            CheckCertificateRevocation = false, // as .NET's HTTP client: an unreachable CRL must not stop mail
            ServerCertificateValidationCallback = accepts,
        };
    }

    // MailKit tells of TLS in many lines, and repeats the platform's.
    private static string WhyNot(Exception fault) =>
        fault is SslHandshakeException or System.Security.Authentication.AuthenticationException ? TlsFault.Of(fault).Text : fault.Message;

    private SecureSocketOptions Security() => settings.Encryption switch
    {
        SmtpEncryption.Tls => SecureSocketOptions.SslOnConnect,
        SmtpEncryption.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls, // fails where the server offers none: never plain by surprise
    };

    // NotSupportedException: no STARTTLS, no way to log in. ServiceNotConnectedException is an InvalidOperationException.
    private static bool IsOfTheOtherSide(Exception fault) => fault is CommandException or ProtocolException
        or AuthenticationException or System.Security.Authentication.AuthenticationException or SslHandshakeException
        or ServiceNotConnectedException or SocketException or IOException or TimeoutException or NotSupportedException
        or UnauthorizedAccessException or CryptographicException;
}
