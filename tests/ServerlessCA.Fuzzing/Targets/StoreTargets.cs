using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Core.Ports;
using ServerlessCA.Fuzzing.Engine;
using ServerlessCA.Server.Api;
using ServerlessCA.Server.Lambda;

namespace ServerlessCA.Fuzzing.Targets;

/// <summary>Makes the targets for items of the table, and for parts of HTTP requests.</summary>
internal static class StoreTargets
{
    private static readonly RowReader Reader = new("table");

    /// <summary>Makes them.</summary>
    public static IEnumerable<FuzzTarget> All()
    {
        yield return new FuzzTarget("table-items", ReadItem)
        {
            Seeds = [.. ((string[])[
                """{"CommonName":{"S":"a"},"SerialNumber":{"S":"12"},"Issued":{"S":"2030-01-01 00:00:00"},"Expires":{"S":"2030-02-01 00:00:00"},"Certificate":{"B":"LS0t"}}""",
                """{"CommonName":{"S":"a"},"SerialNumber":{"S":"12"},"Revoked":{"S":"2030-01-01 00:00:00"},"RevocationReason":{"S":"superseded"},"CRLNumber":{"N":"7"},"NotifyExpiry":{"BOOL":true},"ExpiryReminders":{"L":[{"S":"2030-01-01 00:00:00"}]},"PublicKeyHash":{"S":"00"}}""",
            ]).Select(Encoding.UTF8.GetBytes)],
            Words = RequestTargets.Words(
                "CommonName", "SerialNumber", "Issued", "Expires", "Certificate", "Revoked", "RevocationReason", "CRLNumber", "NotifyExpiry", "ExpiryReminders",
                "PublicKeyHash", "IssuerKeyId", "Source", "\"S\":", "\"N\":", "\"B\":", "\"L\":", "\"BOOL\":", "\"NULL\":true", "2030-01-01 00:00:00", "-1", "1e400", "-----BEGIN CERTIFICATE-----"),
        };
        yield return new FuzzTarget("http-parts", input =>
        {
            ApiBody.TryRead(input, ["reason", "serial_number"], out _, out _);
            ApiBody.WhyNotJson(input);
            PlannedFiles.TryRead(input, out _, out _);
            string text = InputText.Of(input);
            int colon = text.IndexOf('?', StringComparison.Ordinal);
            FunctionReference.TryParse(colon < 0 ? text : text[..colon], colon < 0 ? null : text[(colon + 1)..], out _, out _);
        })
        {
            Seeds = [.. ((string[])["""{"reason":"superseded"}""", "arn:aws:lambda:eu-west-2:123456789012:function:ca-tls-cert?$LATEST", """{"tls.json":"[]","revoked.json":"[]","csrs":{"a.csr":"x"}}"""]).Select(Encoding.UTF8.GetBytes)],
            Words = RequestTargets.Words("arn:aws:lambda:", ":function:", "$LATEST", "{\"", "\":\"", "tls.json", "csr/", "../", "\\u0000", "\\ud800"),
        };
    }

    // DynamoDB's own JSON, as far as rows have it.
    private static void ReadItem(byte[] input)
    {
        Dictionary<string, AttributeValue>? item = ItemOf(input);
        if (item is null)
        {
            return;
        }

        try
        {
            Reader.Read(item);
        }
        catch (LedgerUnavailableException fault)
        {
            Property.Holds(fault.Message.Contains("Correct that row", StringComparison.Ordinal), "the message does not say what to do");
        }

        try
        {
            Reader.ReadLine(item);
        }
        catch (LedgerUnavailableException)
        {
            return; // it is the documented answer to a row that somebody changed
        }
    }

    private static Dictionary<string, AttributeValue>? ItemOf(byte[] input)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(input);
            var item = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
            foreach (JsonProperty member in json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.EnumerateObject() : default)
            {
                item[member.Name] = ValueOf(member.Value);
            }

            // The table's key: no item is without.
            item.TryAdd("CommonName", new AttributeValue("a"));
            item.TryAdd("SerialNumber", new AttributeValue("1"));
            return item["CommonName"].S is null || item["SerialNumber"].S is null ? null : item;
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static AttributeValue ValueOf(JsonElement json)
    {
        var value = new AttributeValue();
        foreach (JsonProperty member in json.EnumerateObject())
        {
            switch (member.Name)
            {
                case "S": value.S = member.Value.GetString(); break;
                case "N": value.N = member.Value.GetString(); break;
                case "B": value.B = new MemoryStream(member.Value.GetBytesFromBase64()); break;
                case "BOOL": value.BOOL = member.Value.GetBoolean(); break;
                case "L": value.L = [.. member.Value.EnumerateArray().Select(ValueOf)]; break;
                default: value.NULL = true; break;
            }
        }

        return value;
    }
}
