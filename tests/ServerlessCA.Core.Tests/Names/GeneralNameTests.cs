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
    public void The_type_is_taken_in_any_case(string type, string text, Type expected)
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

    [Fact]
    public void A_domain_name_that_is_none_is_refused_with_an_example()
    {
        Assert.False(GeneralName.TryParse("DNS_NAME", "localhost", out _, out string? why));

        Assert.Equal("must be a domain name of at least two labels, such as www.example.com or *.example.com", why);
    }

    [Fact]
    public void A_domain_name_keeps_what_the_caller_wrote()
    {
        Assert.True(GeneralName.TryParse("DNS_NAME", "bücher.example", out GeneralName? name, out _));

        Assert.Equal("bücher.example", name.Text);
        Assert.Equal("xn--bcher-kva.example", Assert.IsType<DnsGeneralName>(name).Name.Value);
    }
}
