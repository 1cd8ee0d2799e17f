using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>Primary keys of both tables.</summary>
internal static class Keys
{
    public const string KeyPrefix = "key#";

    private const int MaxPartitionOctets = 2048; // DynamoDB's limit of a partition key

    /// <summary>Whether a table can have a row of this name: no key is empty or over the limit.</summary>
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

    public static string Name(string commonName) => Fitting("name", commonName);

    // A text over the limit stands there by its hash, under a prefix that no other text can have.
    private static string Fitting(string kind, string text)
    {
        string id = $"{kind}#{text}";
        return Encoding.UTF8.GetByteCount(id) <= MaxPartitionOctets
            ? id
            : $"{kind}-sha256#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
    }
}
