using System.Formats.Asn1;
using CsCheck;
using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class ObjectIdentifierTextTests
{
    private const string Max128 = "340282366920938463463374607431768211455";

    [Theory]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("0.0", "0.0")]
    [InlineData("0.39", "0.39")]
    [InlineData("1.39.5", "1.39.5")]
    [InlineData("2.40", "2.40")]
    [InlineData("2.999.1", "2.999.1")]
    [InlineData("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.2")]
    [InlineData("01.002.0003", "1.2.3")]
    [InlineData("1.2.0", "1.2.0")]
    [InlineData("1.2.000", "1.2.0")]
    [InlineData("2.25." + Max128, "2.25." + Max128)]
    [InlineData("2.340282366920938463463374607431768211375", "2.340282366920938463463374607431768211375")]
    public void Dotted_decimal_is_read_and_written_back(string text, string expected)
    {
        Assert.True(ObjectIdentifierText.TryNormalise(text, out string? oid));

        Assert.Equal(expected, oid);
        AssertReadsBack(oid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData(".")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("1..2")]
    [InlineData("1.2.")]
    [InlineData("3.1")]
    [InlineData("0.40")]
    [InlineData("1.40.1")]
    [InlineData("1.100")]
    [InlineData("1.-2")]
    [InlineData("1.+2")]
    [InlineData("1.2.x")]
    [InlineData("1.2.0x1")]
    [InlineData("1.2 .3")]
    [InlineData(" 1.2.3")]
    [InlineData("1.2.3\n")]
    [InlineData("1.2.3\0")]
    [InlineData("1.2.３")]
    [InlineData("1,2,3")]
    [InlineData("OID.1.2.3")]
    [InlineData("not-an-oid")]
    [InlineData("2.25.340282366920938463463374607431768211456")]
    [InlineData("2.340282366920938463463374607431768211376")]
    [InlineData("1.2." + Max128 + "0")]
    public void What_is_no_object_identifier_is_refused(string text) =>
        Assert.False(ObjectIdentifierText.TryNormalise(text, out _));

    [Fact]
    public void Text_has_at_most_128_characters()
    {
        string longest = string.Join('.', Enumerable.Repeat("1", 63)) + ".12";
        Assert.Equal(ObjectIdentifierText.MaxLength, longest.Length);

        Assert.True(ObjectIdentifierText.TryNormalise(longest, out string? oid));
        AssertReadsBack(oid);
        Assert.False(ObjectIdentifierText.TryNormalise(longest + "3", out _));
        Assert.False(ObjectIdentifierText.TryNormalise(new string('.', 10_000_000), out _));
    }

    [Fact]
    public void Whatever_is_accepted_can_be_written_in_DER_and_read_back() =>
        Gen.Char["0123456789."].Array[1, 128].Select(c => new string(c)).Sample(text =>
        {
            if (ObjectIdentifierText.TryNormalise(text, out string? oid))
            {
                AssertReadsBack(oid);
            }
        });

    private static void AssertReadsBack(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        Assert.Equal(oid, new AsnReader(writer.Encode(), AsnEncodingRules.DER).ReadObjectIdentifier());
    }
}
