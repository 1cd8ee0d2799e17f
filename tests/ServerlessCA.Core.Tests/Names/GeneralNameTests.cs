using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class GeneralNameTests
{
    [Theory]
    [InlineData("DNS_NAME", "example.com", typeof(DnsGeneralName))]
    [InlineData("dns_name", "*.example.com", typeof(DnsGeneralName))]
    [InlineData("Ip_Address", "10.9.8.7", typeof(IpGeneralName))]
    [InlineData("email_address", "a@example.com", typeof(EmailGeneralName))]
    [InlineData("url", "https://example.com", typeof(UriGeneralName))]
    [InlineData("dn", "CN=x", typeof(DirectoryGeneralName))]
    public void The_type_is_accepted_in_any_case(string type, string text, Type expected)
    {
        Assert.True(GeneralName.IsKnownType(type));
        Assert.True(GeneralName.TryParse(type, text, out GeneralName? name, out string? why));

        Assert.Null(why);
        Assert.IsType(expected, name);
        Assert.Equal(type.ToUpperInvariant(), name.Type);
        Assert.Equal(text, name.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("DNS")]
    [InlineData("IP")]
    [InlineData("URI")]
    [InlineData("SRV_NAME")]
    [InlineData(" DN")]
    [InlineData("DN\u017F_NAME")]
    public void An_unknown_type_is_refused(string type)
    {
        Assert.False(GeneralName.IsKnownType(type));
        Assert.False(GeneralName.TryParse(type, "example.com", out GeneralName? name, out string? why));

        Assert.Null(name);
        Assert.Equal("has an unknown type: use DNS_NAME, IP_ADDRESS, EMAIL_ADDRESS, URL or DN", why);
    }

    /// <summary>Different mistakes get different answers, which say what to change.</summary>
    [Theory]
    [InlineData("localhost", "must have at least two labels, such as www.example.com")]
    [InlineData("", "must have at least two labels, such as www.example.com")]
    [InlineData("bad_name", "must have at least two labels, such as www.example.com")]
    [InlineData("192.0.2.1", "must be a name, not an address: give addresses as IP_ADDRESS")]
    [InlineData("2001:db8::1", "must be a name, not an address: give addresses as IP_ADDRESS")]
    [InlineData("[2001:db8::1]", "must be a name, not an address: give addresses as IP_ADDRESS")]
    [InlineData("https://www.example.com/", "must be a name alone: give URLs as URL")]
    [InlineData("user@example.com", "must be a name alone: give e-mail addresses as EMAIL_ADDRESS")]
    [InlineData("www.example.com:443", "must be a name alone, without a port")]
    [InlineData("192.0.2.0/24", "must be a name alone, without a path or prefix length")]
    [InlineData("a.example.com, b.example.com", "must not have white space")]
    [InlineData("www.example.com ", "must not have white space")]
    [InlineData("*.com", "may have a wildcard only as all of the left-most label, over at least two more, such as *.example.com")]
    [InlineData("www.*.example.com", "may have a wildcard only as all of the left-most label, over at least two more, such as *.example.com")]
    [InlineData("w*.example.com", "may have a wildcard only as all of the left-most label, over at least two more, such as *.example.com")]
    [InlineData("www.example.com.", "must not end with a dot")]
    [InlineData("www..example.com", "must not have an empty label")]
    [InlineData(".example.com", "must not have an empty label")]
    [InlineData("a_b.example.com", "may have only letters, digits and hyphens, with no hyphen at either end, between its dots")]
    [InlineData("-a.example.com", "may have only letters, digits and hyphens, with no hyphen at either end, between its dots")]
    [InlineData("example.123", "must end with a label of at least two characters that ends with a letter, such as com")]
    [InlineData("a.b__c", "must end with a label of at least two characters that ends with a letter, such as com")]
    [InlineData("\U0001F600.example.com", "has letters that no domain name may have (RFC 5892)")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com", "must have at most 63 characters between dots")]
    public void A_refused_domain_name_comes_with_what_is_wrong(string text, string expected)
    {
        Assert.False(GeneralName.TryParse("DNS_NAME", text, out _, out string? why));

        Assert.Equal(expected, why);
    }

    [Fact]
    public void A_refused_domain_name_of_many_labels_comes_with_the_limit()
    {
        Assert.False(GeneralName.TryParse("DNS_NAME", string.Concat(Enumerable.Repeat("abcdefghi.", 26)) + "com", out _, out string? why));

        Assert.Equal("must have at most 253 characters", why);
    }

    [Fact]
    public void A_domain_name_keeps_what_the_caller_wrote()
    {
        Assert.True(GeneralName.TryParse("DNS_NAME", "bücher.example", out GeneralName? name, out _));

        Assert.Equal("bücher.example", name.Text);
        Assert.Equal("xn--bcher-kva.example", Assert.IsType<DnsGeneralName>(name).Name.Value);
    }
}

public sealed class EmailGeneralNameTests
{
    private const string Local64 = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

    [Theory]
    [InlineData("user@example.com")]
    [InlineData("first.last+tag@sub.example.com")]
    [InlineData("User@Example.COM")]
    [InlineData("a@b.co")]
    [InlineData("-!#$%&'*+/=?^_`{|}~@example.com")]
    [InlineData("\"much.more\"@example.com")]
    [InlineData("\"a,b:c<d>\"@example.com")]
    [InlineData("\"a\\.b\"@example.com")]
    [InlineData("\"\"@example.com")]
    [InlineData("user@xn--bcher-kva.example")]
    [InlineData(Local64 + "@example.com")]
    public void An_address_stays_as_it_is(string text)
    {
        Assert.True(GeneralName.TryParse("EMAIL_ADDRESS", text, out GeneralName? name, out string? why));

        EmailGeneralName email = Assert.IsType<EmailGeneralName>(name);
        Assert.Null(why);
        Assert.Equal("EMAIL_ADDRESS", email.Type);
        Assert.Equal(text, email.Text);
        Assert.Equal(text, email.Address);
    }

    [Fact]
    public void A_domain_outside_ASCII_becomes_A_labels()
    {
        Assert.True(GeneralName.TryParse("EMAIL_ADDRESS", "User@bücher.example", out GeneralName? name, out _));

        Assert.Equal("User@xn--bcher-kva.example", Assert.IsType<EmailGeneralName>(name).Address);
        Assert.Equal("User@bücher.example", name.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("plain")]
    [InlineData("missing@")]
    [InlineData("@example.com")]
    [InlineData("a@b@example.com")]
    [InlineData("\"a@b\"@example.com")]
    [InlineData("user@localhost")]
    [InlineData("user@10.0.0.1")]
    [InlineData("user@[10.0.0.1]")]
    [InlineData("user@*.example.com")]
    [InlineData("user@example.com.")]
    [InlineData("user@-bad.com")]
    [InlineData("user@a_b.com")]
    [InlineData("a b@example.com")]
    [InlineData(" a@example.com")]
    [InlineData("a@ example.com")]
    [InlineData("a@example.com ")]
    [InlineData("a\n@example.com")]
    [InlineData("a@example.com\n")]
    [InlineData("a@example.com\0")]
    [InlineData("a\0@example.com")]
    [InlineData(".a@example.com")]
    [InlineData("a.@example.com")]
    [InlineData("a..b@example.com")]
    [InlineData("a,b@example.com")]
    [InlineData("a\"b@example.com")]
    [InlineData("\"a@example.com")]
    [InlineData("\"@example.com")]
    [InlineData("\"a\"b\"@example.com")]
    [InlineData("\"a b\"@example.com")]
    [InlineData("\"a\\\"@example.com")]
    [InlineData("\"a\\b\"@example.com")]
    [InlineData("\"a\u0001b\"@example.com")]
    [InlineData("\"a\u007Fb\"@example.com")]
    [InlineData("Bob <bob@example.com>")]
    [InlineData("mailto:bob@example.com")]
    [InlineData("müller@example.com")]
    [InlineData("\"müller\"@example.com")]
    [InlineData("user@ｅxample.com")]
    [InlineData("user＠example.com")]
    [InlineData(Local64 + "x@example.com")]
    public void What_is_no_address_in_ASCII_is_refused(string text)
    {
        Assert.False(GeneralName.TryParse("EMAIL_ADDRESS", text, out GeneralName? name, out string? why));

        Assert.Null(name);
        Assert.Equal("must be an e-mail address in ASCII, such as user@example.com", why);
    }

    [Fact]
    public void An_address_has_at_most_254_characters()
    {
        string domain = string.Concat(Enumerable.Repeat("abcdefghi.", 18)) + "abcdef.com";
        string tooLong = $"{Local64}@{domain}";
        Assert.Equal(255, tooLong.Length);

        Assert.True(GeneralName.TryParse("EMAIL_ADDRESS", tooLong[1..], out _, out _));
        Assert.False(GeneralName.TryParse("EMAIL_ADDRESS", tooLong, out _, out string? why));
        Assert.Equal("must have at most 254 characters", why);
    }
}
