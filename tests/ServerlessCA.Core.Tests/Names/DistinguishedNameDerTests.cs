using System.Formats.Asn1;
using CsCheck;
using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class DistinguishedNameDecodeTests
{
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";

    [Theory]
    [InlineData("0C03C3A961", NameStringType.Utf8String, "éa")]
    [InlineData("13024742", NameStringType.PrintableString, "GB")]
    [InlineData("13032A2E61", NameStringType.PrintableString, "*.a")] // many programs write this
    [InlineData("1603614062", NameStringType.Ia5String, "a@b")]
    [InlineData("1602C3BC", NameStringType.Ia5String, "ü")] // certificates of the original
    [InlineData("1402E961", NameStringType.T61String, "éa")]
    [InlineData("1404C3A90061", NameStringType.T61String, "Ã©\0a")]
    [InlineData("1E0400E90061", NameStringType.BmpString, "éa")]
    [InlineData("1E04D83DDE80", NameStringType.BmpString, "🚀")]
    [InlineData("1C080001F68000000061", NameStringType.UniversalString, "🚀a")]
    [InlineData("1203312032", NameStringType.NumericString, "1 2")]
    [InlineData("1A03612062", NameStringType.VisibleString, "a b")]
    [InlineData("0C00", NameStringType.Utf8String, "")]
    [InlineData("1E00", NameStringType.BmpString, "")]
    [InlineData("1C00", NameStringType.UniversalString, "")]
    public void String_types_of_CSRs_become_text(string value, NameStringType type, string text)
    {
        byte[] der = SomeNames.WithValue(CommonName, Convert.FromHexString(value));

        Assert.True(DistinguishedName.TryDecode(der, out DistinguishedName? name));

        Assert.Equal(new NameAttribute(CommonName, type, text), Assert.Single(Assert.Single(name.Rdns)));
        Assert.Equal([text], name.Values(CommonName));
        Assert.Equal(der, name.Der);
    }

    [Theory]
    [InlineData("0500")] // NULL
    [InlineData("0101FF")] // BOOLEAN
    [InlineData("03020780")] // BIT STRING
    [InlineData("3000")] // SEQUENCE
    [InlineData("170D3236303130313030303030305A")] // UTCTime
    [InlineData("1B0161")] // GeneralString
    [InlineData("8000")] // context-specific
    [InlineData("A003020101")]
    [InlineData("7F8101020500")] // application 129
    [InlineData("0C01FF")] // no UTF-8
    [InlineData("0C03EDA080")] // a surrogate in UTF-8
    [InlineData("0C02C080")] // overlong
    [InlineData("1301FF")]
    [InlineData("1E0161")] // half a character
    [InlineData("1E02D83D")] // half a surrogate pair
    [InlineData("1C0300F680")]
    [InlineData("1C0400110000")] // beyond Unicode
    [InlineData("1C040000D800")]
    public void Values_that_are_no_text_are_only_in_the_DER(string value)
    {
        byte[] der = SomeNames.WithValue(CommonName, Convert.FromHexString(value));

        Assert.True(DistinguishedName.TryDecode(der, out DistinguishedName? name));

        Assert.Empty(name.Values(CommonName));
        Assert.Equal("CN=#" + value.ToLowerInvariant(), name.ToString());
        Assert.Equal(NameStringType.Other, name.Rdns[0][0].StringType);
        Assert.Equal(der, name.Der);
    }

    [Fact]
    public void A_multi_valued_RDN_keeps_its_attributes_together()
    {
        byte[] der = SomeNames.Wrap(writer =>
        {
            using (writer.PushSetOf())
            {
                foreach ((string oid, string value) in new[]
                {
                    ("2.5.4.11", "Unit"), (CommonName, "x"), (Organization, "Org"),
                })
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier(oid);
                        writer.WriteCharacterString(UniversalTagNumber.UTF8String, value);
                    }
                }
            }
        });

        Assert.True(DistinguishedName.TryDecode(der, out DistinguishedName? name));

        Assert.Equal(["x", "Org", "Unit"], Assert.Single(name.Rdns).Select(a => a.Value));
        Assert.Equal("CN=x+O=Org+OU=Unit", name.ToString());
        Assert.Equal(["Org"], name.Values(Organization));
    }

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("30", "no length")]
    [InlineData("0000", "no sequence")]
    [InlineData("3100", "a set")]
    [InlineData("300000", "data after it")]
    [InlineData("308000", "an indefinite length")]
    [InlineData("3080310B300906035504030C02C3A90000", "an indefinite length, ended")]
    [InlineData("30810B310930070603550403 0C00", "a length in too many octets")]
    [InlineData("3002 3100", "an empty RDN")]
    [InlineData("3002 3000", "a sequence for an RDN")]
    [InlineData("3004 3102 3000", "an empty attribute")]
    [InlineData("3009 3107 3005 0603550403", "no value")]
    [InlineData("300A 3108 3006 0C0161 0C0161", "no type")]
    [InlineData("3009 3107 3005 0601FF 0500", "a broken type")]
    [InlineData("3008 3106 3004 0600 0500", "an empty type")]
    [InlineData("300D 310B 3009 0603550403 0500 0500", "a third element")]
    [InlineData("300E 310C 300A 0603550403 2C03 0C0161", "a constructed string")]
    [InlineData("300E 310C 300A 0603550403 2C80 0000", "an indefinite string")]
    [InlineData("300C 310A 3008 0603550403 0C7F61", "a string longer than the rest")]
    [InlineData("300C 310A 3008 0603550403 0C8101", "a length cut off")]
    [InlineData("3012 3110 3006 060255040C00 3006 060255030C00", "attributes not sorted")]
    [InlineData("30847FFFFFFF", "a length beyond the data")]
    [InlineData("3089FFFFFFFFFFFFFFFFFF", "a length beyond measure")]
    public void What_is_no_DER_Name_is_refused(string hex, string because)
    {
        byte[] der = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        Assert.False(DistinguishedName.TryDecode(der, out _), because);
    }

    [Fact]
    public void The_size_is_bounded()
    {
        byte[] fits = SomeNames.WithValue(CommonName, Utf8Of(DistinguishedName.MaxOctets - 25));
        byte[] tooLong = SomeNames.WithValue(CommonName, Utf8Of(DistinguishedName.MaxOctets - 24));
        Assert.Equal(DistinguishedName.MaxOctets, fits.Length);

        Assert.True(DistinguishedName.TryDecode(fits, out _));
        Assert.False(DistinguishedName.TryDecode(tooLong, out _));
    }

    [Fact]
    public void A_monstrous_type_is_refused_at_once()
    {
        byte[] arc = [.. Enumerable.Repeat((byte)0xFF, 100_000), 0x7F];
        byte[] oid = [0x06, 0x83, 0x01, 0x86, 0xA1, .. arc];
        byte[] attribute = [0x30, 0x83, 0x01, 0x86, 0xA8, .. oid, 0x05, 0x00];
        byte[] rdn = [0x31, 0x83, 0x01, 0x86, 0xAD, .. attribute];
        byte[] name = [0x30, 0x83, 0x01, 0x86, 0xB2, .. rdn];

        Assert.False(DistinguishedName.TryDecode(name, out _));
    }

    [Fact]
    public void Later_changes_of_the_input_change_nothing()
    {
        byte[] der = SomeNames.WithValue(CommonName, 0x0C, 0x01, (byte)'a');
        Assert.True(DistinguishedName.TryDecode(der, out DistinguishedName? name));
        byte[] before = name.Der.ToArray();

        Array.Clear(der);

        Assert.Equal(before, name.Der);
    }

    private static byte[] Utf8Of(int length) =>
        [0x0C, 0x83, (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. Enumerable.Repeat((byte)'a', length)];
}

public sealed class DistinguishedNameMutationTests
{
    [Fact]
    public void Mutated_DER_never_throws() => Gen.Select(
        SomeNames.Attribute.Array[1, 6],
        Gen.Select(Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 3]).Array[1, 6]).Sample(
        (attributes, changes) =>
        {
            List<byte> der = [.. DistinguishedName.Of(attributes).Der.ToArray()];
            foreach ((int position, byte octet, int kind) in changes)
            {
                Mutate(der, position % der.Count, octet, kind);
                AssertReadsOrRefuses([.. der]);
                der.Add(octet); // the next change, or data after the name
                AssertReadsOrRefuses([.. der]);
            }
        },
        iter: 5_000);

    [Fact]
    public void Changed_values_are_often_read_so_that_the_test_above_means_something()
    {
        byte[] der = DistinguishedName.Of([SomeNames.Utf8("2.5.4.3", "some name")]).Der.ToArray();
        int read = 0;
        for (int bit = 0; bit < 8 * der.Length; bit++)
        {
            byte[] changed = [.. der];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertReadsOrRefuses(changed);
            read += DistinguishedName.TryDecode(changed, out _) ? 1 : 0;
        }

        Assert.InRange(read, 9 * 8, (8 * der.Length) - 40);
    }

    [Fact]
    public void Any_octets_never_throw() =>
        Gen.Byte.Array[0, 64].Sample(AssertReadsOrRefuses, iter: 20_000);

    private static void Mutate(List<byte> der, int at, byte octet, int kind)
    {
        switch (kind)
        {
            case 0:
                der[at] = octet;
                break;
            case 1:
                der[at] ^= (byte)(1 << (octet & 7));
                break;
            case 2:
                der.Insert(at, octet);
                break;
            default:
                der.RemoveRange(at, Math.Min(der.Count - at, octet & 3));
                break;
        }
    }

    private static void AssertReadsOrRefuses(byte[] der)
    {
        if (DistinguishedName.TryDecode(der, out DistinguishedName? name))
        {
            Assert.Equal(der, name.Der);
            Assert.NotNull(name.ToString());
            Assert.All(name.Rdns, Assert.NotEmpty);
        }
    }
}
