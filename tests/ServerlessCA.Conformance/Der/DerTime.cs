using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace ServerlessCA.Conformance.Der;

/// <summary>A time of a certificate or CRL, with the ASN.1 type that was chosen for it.</summary>
public readonly record struct DerTime(DateTimeOffset At, string Type)
{
    /// <summary>Reads UTCTime or GeneralizedTime, both to the second and in UTC (RFC 5280 §4.1.2.5).</summary>
    /// <exception cref="DerException">Another type or another form.</exception>
    public static DerTime Read(DerNode node)
    {
        string text = Encoding.ASCII.GetString(node.Content.Span);
        bool utc = node.Tag == (int)UniversalTagNumber.UtcTime;
        if (!utc && node.Tag != (int)UniversalTagNumber.GeneralizedTime)
        {
            throw new DerException($"tag {node.Tag} is not a time");
        }

        string full = utc ? Century(text) + text : text;
        bool read = DateTimeOffset.TryParseExact(
            full, "yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset at);
        return read ? new DerTime(at, utc ? "UTCTime" : "GeneralizedTime") : throw new DerException($"'{text}' is not a time");
    }

    // RFC 5280 §4.1.2.5.1: 50 and above are of the last century.
    private static string Century(string text) => text.Length > 0 && text[0] < '5' ? "20" : "19";
}
