using System.Globalization;
using System.Net;
using MimeKit;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Local.Delivery.Settings;

/// <summary>The settings of a target that is a mailbox, reached through a mail server. Immutable.</summary>
public sealed record SmtpTargetSettings : TargetSettings
{
    /// <summary>The server's name or address.</summary>
    public required string Host { get; init; }

    /// <summary>The server's port, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>The protection of the connection.</summary>
    public required SmtpEncryption Encryption { get; init; }

    /// <summary>A PEM file with the CAs that the server's certificate may come from; null: those of the
    /// system.</summary>
    public string? CaFile { get; init; }

    /// <summary>The user's name; null: there is no login.</summary>
    public string? User { get; init; }

    /// <summary>The place where the password is stored; null without a user.</summary>
    public SecretSource? Password { get; init; }

    /// <summary>The sender: <c>ca@example.com</c> or <c>Our CA &lt;ca@example.com&gt;</c>.</summary>
    public required string From { get; init; }

    /// <summary>All recipients, as the message shows them.</summary>
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>The recipient that this target sends to: an address without a name.</summary>
    public required string Recipient { get; init; }

    /// <summary>The deployment's project, for the subject line.</summary>
    public required string Project { get; init; }

    /// <inheritdoc/>
    public override string Id => MakeId("smtp", Recipient, Host, Port.ToString(CultureInfo.InvariantCulture), Recipient);

    /// <inheritdoc/>
    public override string Name => $"mail to {Recipient}";
}

/// <summary>Says how the connection to a mail server is protected.</summary>
public enum SmtpEncryption
{
    /// <summary>The connection begins plain, and must change to TLS (RFC 3207); usual on port 587.</summary>
    StartTls,

    /// <summary>The connection begins with TLS (RFC 8314); usual on port 465.</summary>
    Tls,

    /// <summary>The connection is not protected; for a server of this machine or network.</summary>
    None,
}

/// <summary>Reads a target of type <c>smtp</c>.</summary>
internal static class SmtpReader
{
    private const int StartTlsPort = 587; // message submission (RFC 6409)
    private const int TlsPort = 465;      // submissions (RFC 8314)
    private const int PlainPort = 25;

    public static IReadOnlyList<TargetSettings> Read(TargetObject target, string folder, string project)
    {
        target.Allow(NotificationTargetSchema.SmtpKeys);
        string? host = target.Text("host", "the name or address of a mail server", IsHost, required: true);
        SmtpEncryption encryption = Encryption(target);
        string? user = target.Text("user", "a user's name", text => text.Length > 0);
        SecretSource? password = target.Secret("password", folder, required: user is not null);
        Check(target, host, user, password, encryption);
        string? from = target.Text("from", "one address, such as \"Our CA <ca@example.com>\"", IsMailbox, required: true);
        IReadOnlyList<string> to = target.Texts("to", "a list of addresses, such as [\"ops@example.com\"]", IsMailbox);
        string? caFile = target.Text("ca_file", "the path of a file", text => text.Length > 0);
        int port = target.Number("port", 1, ushort.MaxValue) ?? DefaultPort(encryption);
        return host is null || from is null ? [] : [.. to.Select(one => new SmtpTargetSettings
        {
            Host = host, Port = port, Encryption = encryption, User = user, Password = password, From = from, To = to,
            CaFile = caFile is null ? null : Path.GetFullPath(caFile, Path.GetFullPath(folder)),
            Recipient = MailboxAddress.Parse(one).Address, Project = project,
        })];
    }

    private static SmtpEncryption Encryption(TargetObject target) =>
        target.Text("tls", "starttls, tls or none", text => text is "starttls" or "tls" or "none") switch
        {
            "tls" => SmtpEncryption.Tls,
            "none" => SmtpEncryption.None,
            _ => SmtpEncryption.StartTls,
        };

    private static int DefaultPort(SmtpEncryption encryption) => encryption switch
    {
        SmtpEncryption.Tls => TlsPort,
        SmtpEncryption.None => PlainPort,
        _ => StartTlsPort,
    };

    private static void Check(TargetObject target, string? host, string? user, SecretSource? password, SmtpEncryption encryption)
    {
        if (user is null && password is not null)
        {
            target.Problem("user", "is missing: a password needs one");
        }

        bool isThisMachine = host is "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
        if (user is not null && encryption == SmtpEncryption.None && !isThisMachine)
        {
            target.Problem("tls", "must be starttls or tls, since a password would go over the network in the clear");
        }
    }

    private static bool IsHost(string text) => Uri.CheckHostName(text) != UriHostNameType.Unknown;

    private static bool IsMailbox(string text) => MailboxAddress.TryParse(text, out MailboxAddress? mailbox)
        && mailbox.Address.IndexOf('@', StringComparison.Ordinal) is > 0 and int at && at < mailbox.Address.Length - 1;
}
