using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class DirectoryGeneralNameTests
{
    [Theory] // RDNs in the order of the encoding, joined by |
    [InlineData("CN=Example,O=Org,C=US", "2.5.4.3=Example|2.5.4.10=Org|2.5.4.6=US")]
    [InlineData("CN=Partner,O=Partner Org,C=US", "2.5.4.3=Partner|2.5.4.10=Partner Org|2.5.4.6=US")]
    [InlineData(
        "CN=a,O=b,OU=c,C=US,ST=d,L=e,E=f@example.com,DC=example",
        "2.5.4.3=a|2.5.4.10=b|2.5.4.11=c|2.5.4.6=US|2.5.4.8=d|2.5.4.7=e"
        + "|1.2.840.113549.1.9.1=f@example.com|0.9.2342.19200300.100.1.25=example")]
    [InlineData("cn = Example , o = My Org , c = us", "2.5.4.3=Example|2.5.4.10=My Org|2.5.4.6=us")]
    [InlineData("  CN=a  ", "2.5.4.3=a")]
    [InlineData("emailAddress=a@b,EMAILADDRESS=c@d", "1.2.840.113549.1.9.1=a@b|1.2.840.113549.1.9.1=c@d")]
    [InlineData("2.5.4.3=a,OID.2.5.4.10=b,oid.2.5.4.011=c", "2.5.4.3=a|2.5.4.10=b|2.5.4.11=c")]
    [InlineData(
        "0.9.2342.19200300.100.1.25=example,dc=com",
        "0.9.2342.19200300.100.1.25=example|0.9.2342.19200300.100.1.25=com")]
    [InlineData(
        "OU=a,OU=b,DC=example,DC=com",
        "2.5.4.11=a|2.5.4.11=b|0.9.2342.19200300.100.1.25=example|0.9.2342.19200300.100.1.25=com")]
    [InlineData("CN=Jürgen Müller,O=Köln", "2.5.4.3=Jürgen Müller|2.5.4.10=Köln")]
    [InlineData("L=Here,ST=There,CN=x y", "2.5.4.7=Here|2.5.4.8=There|2.5.4.3=x y")]
    [InlineData("CN=a;O=b", "2.5.4.3=a;O=b")]
    [InlineData("CN=a=b,O=c", "2.5.4.3=a=b|2.5.4.10=c")]
    [InlineData("CN==,O=<c>", "2.5.4.3==|2.5.4.10=<c>")]
    [InlineData("CN=Doe\\, John,O=Org", "2.5.4.3=Doe, John|2.5.4.10=Org")]
    [InlineData("O=A\\+B", "2.5.4.10=A+B")]
    [InlineData("O=a\\\\,CN=b", "2.5.4.10=a\\|2.5.4.3=b")]
    [InlineData("O=\\#1,CN=a#1", "2.5.4.10=#1|2.5.4.3=a#1")]
    [InlineData("O=\\ a\\ ,CN=b", "2.5.4.10= a |2.5.4.3=b")]
    [InlineData("O=a\\  ,CN=b", "2.5.4.10=a |2.5.4.3=b")]
    [InlineData("O=\\20a\\20", "2.5.4.10= a ")]
    [InlineData("O=\\\"a\\\"", "2.5.4.10=\"a\"")]
    [InlineData("O=a\\;\\<\\>\\=", "2.5.4.10=a;<>=")]
    [InlineData("CN=Lu\\C4\\8Di\\C4\\87", "2.5.4.3=Lučić")]
    [InlineData("CN=\\F0\\9f\\9A\\80", "2.5.4.3=🚀")]
    [InlineData("O=a\\0Ab", "2.5.4.10=a\nb")]
    [InlineData("O=a\\00b", "2.5.4.10=a\0b")]
    [InlineData("CN=\"Doe, John\",O=Org", "2.5.4.3=Doe, John|2.5.4.10=Org")]
    [InlineData("CN = \" a+b \" , O=Org", "2.5.4.3= a+b |2.5.4.10=Org")]
    [InlineData("CN=\"a\\\"b\\C3\\A9\"", "2.5.4.3=a\"bé")]
    [InlineData("CN=\"#1\"", "2.5.4.3=#1")]
    [InlineData("O=line\nbreak", "2.5.4.10=line\nbreak")]
    public void Text_becomes_relative_names_in_the_order_written(string text, string expected)
    {
        DirectoryGeneralName name = Read(text);

        Assert.Equal(expected, string.Join('|', name.Name.Rdns.Select(rdn => Show(Assert.Single(rdn)))));
        Assert.Empty(name.Ignored);
        Assert.Equal("DN", name.Type);
        Assert.Equal(text, name.Text);
    }

    [Fact]
    public void A_plus_sign_makes_a_multi_valued_RDN_sorted_as_DER_wants()
    {
        DirectoryGeneralName name = Read("OU=unit+CN=a + O=longer,C=US");

        Assert.Equal(2, name.Name.Rdns.Count);
        Assert.Equal(["2.5.4.3=a", "2.5.4.11=unit", "2.5.4.10=longer"], name.Name.Rdns[0].Select(Show));
        Assert.Equal(["2.5.4.6=US"], name.Name.Rdns[1].Select(Show));
        Assert.True(DistinguishedName.TryDecode(name.Name.Der, out DistinguishedName? read));
        Assert.Equal(name.Name, read);
        Assert.Equal("C=US,CN=a+OU=unit+O=longer", read.ToString());
    }

    [Fact]
    public void String_types_are_those_of_RFC_5280()
    {
        DirectoryGeneralName name = Read("CN=a,O=b,OU=c,C=US,ST=d,L=e,E=f@example.com,DC=example");

        Assert.Equal(
            [
                NameStringType.Utf8String, NameStringType.Utf8String, NameStringType.Utf8String,
                NameStringType.PrintableString, NameStringType.Utf8String, NameStringType.Utf8String,
                NameStringType.Ia5String, NameStringType.Ia5String,
            ],
            name.Name.Rdns.Select(rdn => rdn[0].StringType));
    }

    [Theory]
    [InlineData("UID=jdoe,CN=John", "2.5.4.3=John", "UID")]
    [InlineData("CN=John,STREET=x,uid=a,UID=b", "2.5.4.3=John", "STREET,uid")]
    [InlineData("UID=jdoe+CN=John,O=x", "2.5.4.3=John|2.5.4.10=x", "UID")]
    [InlineData("1.3.6.1.4.1.1466.0=#04024869,O=Test", "2.5.4.10=Test", "1.3.6.1.4.1.1466.0")]
    [InlineData("XCN=,O=Test", "2.5.4.10=Test", "XCN")]
    [InlineData("x-a1=\0,O=Test", "2.5.4.10=Test", "x-a1")]
    public void Unknown_attributes_are_left_out_and_named(string text, string expected, string ignored)
    {
        DirectoryGeneralName name = Read(text);

        Assert.Equal(expected, string.Join('|', name.Name.Rdns.Select(rdn => Show(Assert.Single(rdn)))));
        Assert.Equal(ignored.Split(','), name.Ignored);
    }

    private static DirectoryGeneralName Read(string text)
    {
        Assert.True(GeneralName.TryParse("DN", text, out GeneralName? name, out string? why), why);
        Assert.Null(why);
        return Assert.IsType<DirectoryGeneralName>(name);
    }

    private static string Show(NameAttribute attribute) => $"{attribute.Oid}={attribute.Value}";
}
