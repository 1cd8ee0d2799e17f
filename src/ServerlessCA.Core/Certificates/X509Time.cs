using System.Formats.Asn1;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Certificates;

/// <summary>Times in certificates and CRLs: whole seconds, UTC; UTCTime through 2049, GeneralizedTime from 2050
/// (RFC 5280 §4.1.2.5).</summary>
internal static class X509Time
{
    /// <summary>The end of an unlimited validity (RFC 5280 §4.1.2.5), and the last time that fits.</summary>
    public static DateTimeOffset Last => BoundedTime.Last;

    /// <summary>Writes a time; fractions are cut.</summary>
    public static void Write(AsnWriter writer, DateTimeOffset time)
    {
        DateTimeOffset utc = TableTime.WholeSeconds(time);
        if (utc.Year is >= 1950 and < 2050) // the years that UTCTime can say
        {
            writer.WriteUtcTime(utc);
        }
        else
        {
            writer.WriteGeneralizedTime(utc, omitFractionalSeconds: true);
        }
    }

    /// <summary>Reads a time of either form.</summary>
    /// <exception cref="AsnContentException">Not a time with whole seconds in UTC.</exception>
    public static DateTimeOffset Read(AsnReader reader)
    {
        bool utcTime = reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime);
        DateTimeOffset time = utcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
        return time == TableTime.WholeSeconds(time) ? time : throw new AsnContentException("a time has fractions of a second");
    }

    /// <summary>So many days later, but never after <see cref="Last"/>.</summary>
    public static DateTimeOffset AddDays(DateTimeOffset start, int days) =>
        days < (Last - start).TotalDays ? start.AddDays(days) : Last;

    /// <summary>The earlier of two.</summary>
    public static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    /// <summary>The later of two.</summary>
    public static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
