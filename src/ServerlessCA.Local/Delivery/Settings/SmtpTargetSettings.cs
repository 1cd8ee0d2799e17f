using System.Globalization;

namespace ServerlessCA.Local.Delivery.Settings;

/// <summary>A mailbox, by way of a mail server. Immutable.</summary>
public sealed record SmtpTargetSettings : TargetSettings
{
    /// <summary>The server's name or address.</summary>
    public required string Host { get; init; }

    /// <summary>1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>How the connection is protected.</summary>
    public required SmtpEncryption Encryption { get; init; }

    /// <summary>PEM of the CAs that the server's certificate may come from; null: those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>Null: without logging in.</summary>
    public string? User { get; init; }

    /// <summary>Where the password is kept; null without a user.</summary>
    public SecretSource? Password { get; init; }

    /// <summary>The sender: <c>ca@example.com</c> or <c>Our CA &lt;ca@example.com&gt;</c>.</summary>
    public required string From { get; init; }

    /// <summary>All recipients, as the message shows them.</summary>
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>The one that this target sends to: an address without a name.</summary>
    public required string Recipient { get; init; }

    /// <summary>The deployment's project, for the subject line.</summary>
    public required string Project { get; init; }

    /// <inheritdoc/>
    public override string Id => MakeId("smtp", Recipient, Host, Port.ToString(CultureInfo.InvariantCulture), Recipient);

    /// <inheritdoc/>
    public override string Name => $"mail to {Recipient}";
}
