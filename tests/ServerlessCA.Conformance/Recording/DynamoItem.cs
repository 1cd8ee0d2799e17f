using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Recording;

/// <summary>Writes a row as the table's item, in DynamoDB JSON, with the attributes of the contract only (contract section
/// 2).</summary>
internal static class DynamoItem
{
    private static readonly string[] Contract =
        ["CommonName", "SerialNumber", "Issued", "Expires", "Certificate", "Revoked", "CRLNumber", "NotifyExpiry", "ExpiryReminders"];

    public static JsonObject? Of(CertificateRecord? row)
    {
        if (row is null)
        {
            return null;
        }

        JsonObject item = new()
        {
            ["CommonName"] = S(row.CommonName),
            ["SerialNumber"] = S(row.SerialNumber.ToString()),
            ["Issued"] = S(TableTime.Text(row.Issued)),
            ["Expires"] = S(TableTime.Text(row.Expires)),
            ["Certificate"] = new JsonObject { ["B"] = TwiceBase64(row.CertificatePem) },
        };
        AddIf(item, "Revoked", row.Revoked is { } revoked ? S(TableTime.Text(revoked.At)) : null);
        AddIf(item, "CRLNumber", row.CrlNumber is { } number ? new() { ["N"] = number.ToString(CultureInfo.InvariantCulture) } : null);
        AddIf(item, "NotifyExpiry", row.NotifyExpiry is { } notify ? new() { ["BOOL"] = notify } : null);
        JsonNode[] reminders = [.. row.ExpiryReminders.Select(at => S(TableTime.Text(at)))];
        AddIf(item, "ExpiryReminders", reminders.Length > 0 ? new() { ["L"] = new JsonArray(reminders) } : null);
        return item;
    }

    /// <summary>Writes an item that stands in a table; attributes that the contract does not have are left out.</summary>
    public static JsonObject Of(Dictionary<string, AttributeValue> item)
    {
        JsonObject form = [];
        foreach (string name in Contract.Where(item.ContainsKey))
        {
            form[name] = Of(item[name]);
        }

        return form;
    }

    private static JsonObject Of(AttributeValue value) => value switch
    {
        { S: { } text } => S(text),
        { N: { } number } => new() { ["N"] = number },
        { B: { } bytes } => new() { ["B"] = Convert.ToBase64String(bytes.ToArray()) },
        { BOOL: { } flag } => new() { ["BOOL"] = flag },
        { L: { } list } => new() { ["L"] = new JsonArray([.. list.Select(Of)]) },
        _ => throw new ArgumentException("the contract has texts, numbers, bytes, flags and lists only", nameof(value)),
    };

    /// <summary>Returns a row with attributes set; null removes one. Only those that the scenarios set are known.</summary>
    public static CertificateRecord With(CertificateRecord row, JsonObject attributes)
    {
        foreach ((string name, JsonNode? value) in attributes)
        {
            row = name switch
            {
                "NotifyExpiry" => row with { NotifyExpiry = value?["BOOL"]!.GetValue<bool>() },
                "Issued" => row with { Issued = Time(value!) },
                "Expires" => row with { Expires = Time(value!) },
                "Revoked" => row with { Revoked = value is null ? null : new CertificateRevocation(Time(value)) },
                "CRLNumber" => row with { CrlNumber = value is null ? null : long.Parse(value["N"]!.GetValue<string>(), CultureInfo.InvariantCulture) },
                "ExpiryReminders" => row with { ExpiryReminders = [.. (value?["L"]?.AsArray() ?? []).Select(at => Time(at!))] },
                _ => throw new ArgumentException($"'{name}' is not an attribute that a scenario can set", nameof(attributes)),
            };
        }

        return row;
    }

    private static void AddIf(JsonObject item, string name, JsonObject? value)
    {
        if (value is not null)
        {
            item[name] = value;
        }
    }

    private static DateTimeOffset Time(JsonNode attribute) => TableTime.Parse(attribute["S"]!.GetValue<string>());

    private static JsonObject S(string text) => new() { ["S"] = text };

    // The attribute holds base64 text of the PEM, and DynamoDB JSON writes a binary as base64.
    private static string TwiceBase64(string pem) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.ASCII.GetBytes(pem))));
}
