using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>Names the attributes and indexes of both tables, and makes values of DynamoDB's types.</summary>
internal static class Attributes
{
    // The table of certificates; the first nine are the original's (contract section 2).
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

    /// <summary>Day of expiry and shard, as <see cref="ReminderDays"/> writes them; only on rows that are reminded
    /// of.</summary>
    public const string ReminderDay = "ReminderDay";

    /// <summary>Month of expiry and shard, as <see cref="ExpiryMonths"/> writes them; on every row but those that are not
    /// migrated.</summary>
    public const string ExpiryMonth = "ExpiryMonth";

    /// <summary>How the certificate was requested, as <see cref="IssueSources"/> names it.</summary>
    public const string Source = "Source";

    // The index table.
    public const string HolderRevoked = "HolderRevoked";
    public const string Compromised = "Compromised";
    public const string Id = "Id";
    public const string RequestHash = "RequestHash";
    public const string UsedAt = "UsedAt";

    /// <summary>When DynamoDB may delete the item (its time to live), in seconds since 1970.</summary>
    public const string ExpiresAt = "ExpiresAt";
    public const string EventId = "EventId";
    public const string Subject = "Subject";
    public const string Json = "Json";

    /// <summary>The shard of an event in the outbox; absent once it is delivered.</summary>
    public const string PendingShard = "PendingShard";
    public const string KeptAt = "KeptAt";
    public const string KeptBy = "KeptBy";
    public const string OnceOnly = "OnceOnly";

    // The history, in the index table.
    public const string HistoryKind = "HistoryKind";
    public const string HistoryOf = "HistoryOf";

    /// <summary>Day and shard of an entry of the history, as <see cref="HistoryDays"/> writes them.</summary>
    public const string HistoryDay = "HistoryDay";
    public const string HistoryAt = "HistoryAt";
    public const string SignedBy = "SignedBy";
    public const string Details = "Details";
    public const string Actor = "Actor";

    // The indexes.
    public const string RevokedIndex = "Revoked";
    public const string SerialsIndex = "Serials";
    public const string RemindersIndex = "Reminders";
    public const string ExpiriesIndex = "Expiries";
    public const string PendingIndex = "Pending";
    public const string HistoryIndex = "History";
    public const string HistoryDaysIndex = "HistoryDays";

    public static AttributeValue S(string text) => new() { S = text };

    public static AttributeValue N(long number) => new() { N = number.ToString(CultureInfo.InvariantCulture) };

    public static AttributeValue Bool(bool value) => new() { BOOL = value };

    /// <summary>Returns the text of an attribute; null when it is absent or not a text.</summary>
    public static string? Text(this Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out AttributeValue? value) ? value.S : null;

    /// <summary>Decides whether an attribute is present and not DynamoDB's null.</summary>
    public static bool Has(this Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out AttributeValue? value) && value.NULL != true;
}

/// <summary>Makes the primary keys of both tables.</summary>
internal static class Keys
{
    public const string KeyPrefix = "key#";

    private const int MaxPartitionOctets = 2048; // DynamoDB's limit of a partition key

    /// <summary>Decides whether a table can have a row of this name: a key is neither empty nor over the limit.</summary>
    public static bool CanBe(string commonName) =>
        commonName.Length > 0 && Encoding.UTF8.GetByteCount(commonName) <= MaxPartitionOctets;

    public static Dictionary<string, AttributeValue> OfRow(RowId row) => new()
    {
        [Attributes.CommonName] = Attributes.S(row.CommonName),
        [Attributes.SerialNumber] = Attributes.S(row.SerialNumber.ToString()),
    };

    public static Dictionary<string, AttributeValue> OfIndex(string id) => new() { [Attributes.Id] = Attributes.S(id) };

    public static string Key(KeyHash key) => KeyPrefix + key.Hex;

    public static string Token(string token) => Fitting("token", token);

    public static string Once(string id) => Fitting("once", id);

    public static string Event(string id) => Fitting("event", id);

    public static string Mark(string name) => Fitting("mark", name);

    public static string History(string id) => Fitting("history", id);

    public static string Name(string commonName) => Fitting("name", commonName);

    // A text over the limit is replaced by its hash, under a prefix that no other text can have.
    private static string Fitting(string kind, string text)
    {
        string id = $"{kind}#{text}";
        return Encoding.UTF8.GetByteCount(id) <= MaxPartitionOctets
            ? id
            : $"{kind}-sha256#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
    }
}
