using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace ServerlessCA.Conformance.Der;

/// <summary>Is one DER value with its header. Tags and contents are reported as they are on the wire: only the framing is judged,
/// so that a description never hides an odd encoding.</summary>
public sealed class DerNode
{
    private readonly Asn1Tag tag;
    private IReadOnlyList<DerNode>? children;

    private DerNode(Asn1Tag tag, ReadOnlyMemory<byte> raw, ReadOnlyMemory<byte> content)
    {
        this.tag = tag;
        Raw = raw;
        Content = content;
    }

    /// <summary>Gets header and content.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>Gets what follows the header.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Gets the tag's number, whatever its class.</summary>
    public int Tag => tag.TagValue;

    /// <summary>Lists the values inside a constructed value.</summary>
    /// <exception cref="DerException">It is a primitive value, or its content is not DER.</exception>
    public IReadOnlyList<DerNode> Children => children ??= ReadChildren();

    /// <summary>Reads one value that fills all bytes.</summary>
    /// <exception cref="DerException">The bytes are not one DER value, or something follows it.</exception>
    public static DerNode Parse(ReadOnlyMemory<byte> bytes)
    {
        DerNode node = Read(bytes);
        return node.Raw.Length == bytes.Length ? node : throw new DerException("trailing bytes");
    }

    /// <summary>Says whether the tag is a universal one of this number.</summary>
    public bool IsUniversal(UniversalTagNumber number) => tag.TagClass == TagClass.Universal && tag.TagValue == (int)number;

    /// <summary>Says whether the tag is a context-specific one of this number.</summary>
    public bool IsContext(int number) => tag.TagClass == TagClass.ContextSpecific && tag.TagValue == number;

    /// <summary>Returns the inner value at a position.</summary>
    /// <exception cref="DerException">There are fewer values.</exception>
    public DerNode Child(int index) =>
        index < Children.Count ? Children[index] : throw new DerException($"value {index} is missing");

    /// <summary>Returns the content as a signed number.</summary>
    public BigInteger Integer() => new(Content.Span, isBigEndian: true);

    /// <summary>Returns the content after the octet that counts unused bits.</summary>
    /// <exception cref="DerException">There is no such octet.</exception>
    public ReadOnlyMemory<byte> Bits() =>
        Content.IsEmpty ? throw new DerException("a bit string without its first octet") : Content[1..];

    /// <summary>Returns the content as an object identifier, its arcs of any size.</summary>
    /// <exception cref="DerException">There is no content.</exception>
    public string Oid()
    {
        List<BigInteger> parts = [];
        BigInteger value = 0;
        foreach (byte octet in Content.Span)
        {
            value = (value << 7) | (octet & 127);
            if (octet < 128)
            {
                parts.Add(value);
                value = 0;
            }
        }

        if (parts.Count == 0)
        {
            throw new DerException("an empty object identifier");
        }

        BigInteger top = BigInteger.Min(parts[0] / 40, 2);
        return string.Join('.', parts.Skip(1).Prepend(parts[0] - (40 * top)).Prepend(top));
    }

    private static DerNode Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            Asn1Tag tag = AsnDecoder.ReadEncodedValue(
                bytes.Span, AsnEncodingRules.DER, out int start, out int length, out int consumed);
            return new DerNode(tag, bytes[..consumed], bytes.Slice(start, length));
        }
        catch (AsnContentException cause)
        {
            throw new DerException("not a DER value", cause);
        }
    }

    private List<DerNode> ReadChildren()
    {
        if (!tag.IsConstructed)
        {
            throw new DerException("children of a primitive value");
        }

        List<DerNode> found = [];
        for (ReadOnlyMemory<byte> rest = Content; !rest.IsEmpty; rest = rest[found[^1].Raw.Length..])
        {
            found.Add(Read(rest));
        }

        return found;
    }
}

/// <summary>Is a time of a certificate or CRL, with the ASN.1 type that was chosen for it.</summary>
public readonly record struct DerTime(DateTimeOffset At, string Type)
{
    /// <summary>Reads UTCTime or GeneralizedTime, both to the second and in UTC (RFC 5280 §4.1.2.5).</summary>
    /// <exception cref="DerException">It has another type or another form.</exception>
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

/// <summary>Reports bytes that are not the DER they should be.</summary>
public sealed class DerException(string message, Exception? cause = null) : FormatException(message, cause);
