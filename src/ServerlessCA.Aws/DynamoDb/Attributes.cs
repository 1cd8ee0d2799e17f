using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>Names of attributes and indexes, and values in DynamoDB's own types.</summary>
internal static class Attributes
{
    // Table of certificates; the first nine are the original's (contract section 2).
    public const string CommonName = "CommonName";
    public const string SerialNumber = "SerialNumber";
    public const string Certificate = "Certificate";
    public const string Issued = "Issued";
    public const string Expires = "Expires";
    public const string Revoked = "Revoked";
    public const string CrlNumber = "CRLNumber";
    public const string NotifyExpiry = "NotifyExpiry";
    public const string ExpiryReminders = "ExpiryReminders";
    public const string RevocationReason = "RevocationReason";
    public const string PublicKeyHash = "PublicKeyHash";
    public const string IssuerKeyId = "IssuerKeyId";

    /// <summary>As <see cref="ReminderDays"/> has it, only on rows to remind of.</summary>
    public const string ReminderDay = "ReminderDay";

    // Index table.
    public const string HolderRevoked = "HolderRevoked";
    public const string Compromised = "Compromised";
    public const string Id = "Id";
    public const string RequestHash = "RequestHash";
    public const string UsedAt = "UsedAt";

    /// <summary>Seconds since 1970: when the table may forget the item (DynamoDB's time to live).</summary>
    public const string ExpiresAt = "ExpiresAt";
    public const string EventId = "EventId";
    public const string Subject = "Subject";
    public const string Json = "Json";

    /// <summary>Only on events that wait to be told.</summary>
    public const string PendingShard = "PendingShard";
    public const string KeptAt = "KeptAt";
    public const string KeptBy = "KeptBy";
    public const string OnceOnly = "OnceOnly";

    // Indexes.
    public const string RevokedIndex = "Revoked";
    public const string SerialsIndex = "Serials";
    public const string RemindersIndex = "Reminders";
    public const string PendingIndex = "Pending";

    public static AttributeValue S(string text) => new() { S = text };

    public static AttributeValue N(long number) => new() { N = number.ToString(CultureInfo.InvariantCulture) };

    public static AttributeValue Bool(bool value) => new() { BOOL = value };

    /// <summary>The text of an attribute; null when it is absent or not a text.</summary>
    public static string? Text(this Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out AttributeValue? value) ? value.S : null;

    /// <summary>Whether an attribute is there and not DynamoDB's null.</summary>
    public static bool Has(this Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out AttributeValue? value) && value.NULL != true;
}
