using System.Text;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>A record as the original's table has it (contract section 2), with our attributes beside.</summary>
internal static class RowItem
{
    public static Dictionary<string, AttributeValue> Of(CertificateRecord record)
    {
        Dictionary<string, AttributeValue> item = Keys.OfRow(RowId.Of(record));
        item[Attributes.Issued] = Time(record.Issued);
        item[Attributes.Expires] = Time(record.Expires);
        item[Attributes.Certificate] = new AttributeValue { B = new MemoryStream(Base64Of(record.CertificatePem)) };
        Set(item, Attributes.Revoked, record.Revoked is { } revoked ? Time(revoked.At) : null);
        Set(item, Attributes.RevocationReason, record.Revoked is { } why ? Reason(why.Reason) : null);
        Set(item, Attributes.CrlNumber, record.CrlNumber is { } number ? Attributes.N(number) : null);
        Set(item, Attributes.NotifyExpiry, record.NotifyExpiry is { } notify ? Attributes.Bool(notify) : null);
        Set(item, Attributes.ExpiryReminders, record.ExpiryReminders.Count > 0 ? Times(record.ExpiryReminders) : null);
        Set(item, Attributes.PublicKeyHash, record.PublicKeyHash is { } hash ? Attributes.S(hash.Hex) : null);
        Set(item, Attributes.IssuerKeyId, record.IssuerKeyId is { } issuer ? Attributes.S(issuer) : null);
        Set(item, Attributes.ReminderDay, record.IsToRemind ? Attributes.S(ReminderDays.Of(record)) : null);
        return item;
    }

    public static AttributeValue Time(DateTimeOffset time) => Attributes.S(TableTime.Text(time));

    public static AttributeValue Times(IEnumerable<DateTimeOffset> times) => new() { L = [.. times.Select(Time)] };

    public static AttributeValue Reason(RevocationReason reason) => Attributes.S(RevocationReasons.Name(reason));

    // The original writes base64 text into a binary attribute; DynamoDB's JSON shows it base64 twice.
    private static byte[] Base64Of(string pem) => Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(pem)));

    private static void Set(Dictionary<string, AttributeValue> item, string name, AttributeValue? value)
    {
        if (value is not null)
        {
            item[name] = value;
        }
    }
}
