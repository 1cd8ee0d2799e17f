using System.Text;
using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class InternationalDnsNameTests
{
    [Fact]
    public void The_limit_of_253_octets_counts_A_labels()
    {
        // 3 characters become 14 octets.
        string labels = string.Concat(Enumerable.Repeat("日本語.", 16));

        Assert.True(DnsName.TryParse(labels + "jp", out DnsName? fits));
        Assert.Equal((16 * 15) + 2, fits.Value.Length);
        Assert.False(DnsName.TryParse(labels + "日本語.jp", out _));
    }

    [Theory] // A-labels by the Python package idna 3.13
    [InlineData("bücher.example.com", "xn--bcher-kva.example.com")]
    [InlineData("BÜCHER.Example.com", "xn--bcher-kva.Example.com")]
    [InlineData("*.bücher.example.com", "*.xn--bcher-kva.example.com")]
    [InlineData("faß.de", "xn--fa-hia.de")]
    [InlineData("пример.рф", "xn--e1afmkfd.xn--p1ai")]
    [InlineData("日本語.jp", "xn--wgv71a119e.jp")]
    [InlineData("ドメイン.example.com", "xn--eckwd4c7c.example.com")]
    [InlineData("ทดสอบ.example.com", "xn--l3cfk7dp.example.com")]
    [InlineData("한국.kr", "xn--3e0b707e.kr")]
    [InlineData("मराठी.com", "xn--d2b1ag0dl.com")]
    [InlineData("βόλος.com", "xn--nxasmm1c.com")]
    [InlineData("מבחן.example.com", "xn--5dbmtg.example.com")]
    [InlineData("a-ü.example.com", "xn--a--yka.example.com")]
    [InlineData("𠮷.example.com", "xn--7l3i.example.com")]
    public void A_label_outside_ASCII_becomes_an_A_label(string text, string expected)
    {
        Assert.True(DnsName.TryParse(text, out DnsName? name));

        Assert.Equal(expected, name.Value);
    }

    [Theory]
    [InlineData("ｅｘａｍｐｌｅ.com")] // full-width letters
    [InlineData("ｅxample.com")]
    [InlineData("example.cｏm")]
    [InlineData("exam１ple.com")] // a full-width digit
    [InlineData("example。com")] // an ideographic full stop
    [InlineData("www.example．com")] // a full-width full stop
    [InlineData("www.example｡com")] // a half-width full stop
    [InlineData("\u212Aelvin.example.com")] // the Kelvin sign lower-cases to k
    [InlineData("\u017Fsl.example.com")] // a long s
    [InlineData("ﬁle.example.com")] // a ligature
    [InlineData("𝐞xample.com")] // a mathematical letter
    [InlineData("ⅷ.example.com")] // a numeral
    [InlineData("①.example.com")]
    [InlineData("ª.example.com")]
    [InlineData("x².example.com")]
    [InlineData("\u0130x.example.com")] // a capital I with a dot has no single lower case
    public void A_disguised_ASCII_letter_is_refused(string text) => Assert.False(DnsName.TryParse(text, out _));

    [Theory]
    [InlineData("😀.example.com")]
    [InlineData("i♥ny.example.com")]
    [InlineData("a\u200Db.example.com")] // zero-width joiner
    [InlineData("a\u200B.example.com")] // zero-width space
    [InlineData("a\u00ADb\u00FC.example.com")] // soft hyphen
    [InlineData("\u202Eü.example.com")] // right-to-left override
    [InlineData("ü\u00A0x.example.com")] // no-break space
    [InlineData("u\u0308ber.example.com")] // not composed (NFC)
    [InlineData("か\u3099.example.com")]
    [InlineData("\u094Dü.example.com")] // begins with a mark
    [InlineData("\u1112\u1161\u11AB.example.com")] // conjoining Hangul
    [InlineData("\U0002F800.example.com")] // compatibility ideograph
    [InlineData("-ü.example.com")]
    [InlineData("ü-.example.com")]
    [InlineData("xn--ü.example.com")] // hyphens in third and fourth place
    [InlineData("ü_x.example.com")]
    [InlineData("ü x.example.com")]
    [InlineData("\uFFFD.example.com")]
    [InlineData("\uFFFF.example.com")]
    [InlineData("\uE000.example.com")] // private use
    [InlineData("\u0378.example.com")] // unassigned
    public void A_label_that_IDNA_2008_forbids_is_refused(string text) => Assert.False(DnsName.TryParse(text, out _));

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        // Attributes cannot hold these texts.
        foreach (string text in new[] { "ü\uD83D.com", "\uDE00ü.com", "\uDE00\uD83D.com", "ü.c\uD83Dom" })
        {
            Assert.False(DnsName.TryParse(text, out _));
        }
    }

    [Fact]
    public void An_A_label_has_at_most_63_octets()
    {
        Assert.True(DnsName.TryParse(new string('ü', 50) + ".com", out DnsName? fits));
        Assert.True(fits.Value.Length <= 63 + 4);
        Assert.False(DnsName.TryParse(new string('ü', 60) + ".com", out _));
    }
}

public sealed class DisallowedLettersTests
{
    [Fact]
    public void No_label_of_one_character_turns_into_ASCII_without_its_prefix()
    {
        for (int scalar = 0x80; scalar <= 0x10FFFF; scalar++)
        {
            if (Rune.IsValid(scalar) && DnsName.TryParse($"{new Rune(scalar)}.example.com", out DnsName? name))
            {
                Assert.StartsWith("xn--", name.Value, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Exactly_the_characters_that_IDNA_2008_allows_are_accepted()
    {
        int taken = Enumerable.Range(0x80, 0x10FFFF - 0x80 + 1)
            .Count(scalar => Rune.IsValid(scalar) && DnsName.TryParse($"ü{new Rune(scalar)}.example.com", out _));

        // Compared one by one with the Python package idna 3.13, .NET 10.0: what differs are composing marks,
        // extended Arabic-Indic digits, Cherokee capitals, U+3007 and U+0F0B, which it accepts and we refuse.
        // A new version of Unicode in .NET changes the number: then generate the table again and compare.
        Assert.Equal(137_897, taken);
    }

    [Theory]
    [InlineData("Ⅷ")]
    [InlineData("ﬀ")]
    [InlineData("ｚ")]
    [InlineData("𝟘")]
    [InlineData("ﺀ")]
    [InlineData("\uF900")]
    [InlineData("ㄱ")]
    [InlineData("ー", true)]
    [InlineData("é", true)]
    [InlineData("ς", true)]
    [InlineData("々", true)]
    [InlineData("ា", true)]
    public void Single_characters_follow_RFC_5892(string character, bool valid = false) =>
        Assert.Equal(valid, DnsName.TryParse($"ü{character}.example.com", out _));
}
