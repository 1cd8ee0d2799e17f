using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

/// <summary>DNS names of one label, which a setting allows.</summary>
public sealed class SingleLabelTests
{
    [Theory]
    [InlineData("localhost", "localhost")]
    [InlineData("db", "db")]
    [InlineData("a", "a")]
    [InlineData("web-01", "web-01")]
    [InlineData("0xylophone", "0xylophone")]
    [InlineData("bücher", "xn--bcher-kva")]
    public void A_name_of_one_label_is_one_where_it_is_allowed(string text, string ascii)
    {
        Assert.True(GeneralName.TryParse("DNS_NAME", text, out GeneralName? name, out _, singleLabels: true));
        Assert.Equal(ascii, Assert.IsType<DnsGeneralName>(name).Name.Value);
        Assert.True(((DnsGeneralName)name).Name.IsSingleLabel);
        Assert.False(GeneralName.TryParse("DNS_NAME", text, out _, out string? why));
        Assert.Equal("must have at least two labels, such as www.example.com", why);
    }

    [Theory]
    [InlineData("2130706433", "must not be a number, which programs take for an address")]
    [InlineData("0x7f000001", "must not be a number, which programs take for an address")]
    [InlineData("0X", "must not be a number, which programs take for an address")]
    [InlineData("my_db", "may have only letters, digits and hyphens, with no hyphen at either end, between its dots")]
    [InlineData("-db", "may have only letters, digits and hyphens, with no hyphen at either end, between its dots")]
    [InlineData("db.", "must not end with a dot")]
    [InlineData("*", "may have a wildcard only as all of the left-most label, over at least two more, such as *.example.com")]
    [InlineData("*.localhost", "may have a wildcard only as all of the left-most label, over at least two more, such as *.example.com")]
    [InlineData("", "must have at least two labels, such as www.example.com")]
    [InlineData("127.0.0.1", "must be a name, not an address: give addresses as IP_ADDRESS")]
    public void Not_everything_without_a_dot_is_a_name(string text, string expected)
    {
        Assert.False(GeneralName.TryParse("DNS_NAME", text, out _, out string? why, singleLabels: true));
        Assert.Equal(expected, why);
    }

    [Fact]
    public void Names_of_more_labels_are_what_they_were()
    {
        Assert.True(DnsName.TryParse("www.example.com", singleLabels: true, out DnsName? name));
        Assert.False(name.IsSingleLabel);
        Assert.False(DnsName.TryParse("www.1", singleLabels: true, out _));
    }
}
