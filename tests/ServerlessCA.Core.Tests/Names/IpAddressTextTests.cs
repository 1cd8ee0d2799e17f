using System.Net;
using CsCheck;
using ServerlessCA.Core.Names;
using Xunit;

namespace ServerlessCA.Core.Tests.Names;

public sealed class IpGeneralNameTests
{
    [Theory]
    [InlineData("10.0.0.1", "0A000001")]
    [InlineData("255.255.255.255", "FFFFFFFF")]
    [InlineData("0.0.0.0", "00000000")]
    [InlineData("::", "00000000000000000000000000000000")]
    [InlineData("::1", "00000000000000000000000000000001")]
    [InlineData("1::", "00010000000000000000000000000000")]
    [InlineData("2001:db8::1", "20010DB8000000000000000000000001")]
    [InlineData("FE80::ABCD", "FE80000000000000000000000000ABCD")]
    [InlineData("1:2:3:4:5:6:7:8", "00010002000300040005000600070008")]
    [InlineData("1:2:3:4:5:6:7::", "00010002000300040005000600070000")]
    [InlineData("::2:3:4:5:6:7:8", "00000002000300040005000600070008")]
    [InlineData("0001:0002::", "00010002000000000000000000000000")]
    [InlineData("::ffff:1.2.3.4", "00000000000000000000FFFF01020304")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "00010002000300040005000601020304")]
    [InlineData("64:ff9b::192.0.2.33", "0064FF9B0000000000000000C0000221")]
    public void An_address_becomes_its_octets(string text, string octets)
    {
        Assert.True(GeneralName.TryParse("IP_ADDRESS", text, out GeneralName? name, out string? why));

        IpGeneralName address = Assert.IsType<IpGeneralName>(name);
        Assert.Null(why);
        Assert.Equal("IP_ADDRESS", address.Type);
        Assert.Equal(text, address.Text);
        Assert.Equal(octets, Convert.ToHexString(address.Octets.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("256.1.1.1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("010.0.0.1")]
    [InlineData("1.2.3.00")]
    [InlineData(" 10.0.0.1")]
    [InlineData("10.0.0.1 ")]
    [InlineData("10.0.0.1\n")]
    [InlineData("10.0.0.1\0")]
    [InlineData("10.0.0.0/8")]
    [InlineData("0x7f.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("+1.2.3.4")]
    [InlineData("-1.2.3.4")]
    [InlineData("16909060")]
    [InlineData("１.2.3.4")]
    [InlineData("10.0.0.1:80")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("::::")]
    [InlineData("1")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("::1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("2001:db8::1::2")]
    [InlineData("[::1]")]
    [InlineData("2001:db8::/32")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1%1")]
    [InlineData("::12345")]
    [InlineData("::g")]
    [InlineData("::1 ")]
    [InlineData("::1\0")]
    [InlineData("::+1")]
    [InlineData("::0x1")]
    [InlineData(":1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData("1.2.3.4::")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("::ffff:1.2.3.256")]
    [InlineData("::ffff:01.2.3.4")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("localhost")]
    public void What_is_no_address_is_refused(string text)
    {
        Assert.False(GeneralName.TryParse("IP_ADDRESS", text, out GeneralName? name, out string? why));

        Assert.Null(name);
        Assert.Equal("must be one IPv4 or IPv6 address, without brackets, zone or prefix length", why);
    }

    [Fact]
    public void Every_address_that_the_platform_writes_is_read_as_the_platform_does() =>
        Gen.Select(Gen.Byte.Array[16], Gen.UShort).Sample((octets, zeros) =>
        {
            byte[] sparse = [.. octets.Select((o, i) => (zeros >> (i & ~1) & 1) == 0 ? o : (byte)0)];
            foreach (IPAddress address in new[] { new IPAddress(sparse), new IPAddress(sparse.AsSpan(0, 4)) })
            {
                Assert.True(GeneralName.TryParse("IP_ADDRESS", address.ToString(), out GeneralName? name, out _));
                Assert.Equal(address.GetAddressBytes(), Assert.IsType<IpGeneralName>(name).Octets);
            }
        });

    [Fact]
    public void What_is_accepted_is_an_address_to_the_platform_too() =>
        Gen.Char["0123456789abcdefA:.%[]/ "].Array[2, 24].Select(c => new string(c)).Sample(
            text =>
            {
                if (GeneralName.TryParse("IP_ADDRESS", text, out GeneralName? name, out _))
                {
                    Assert.Equal(IPAddress.Parse(text).GetAddressBytes(), Assert.IsType<IpGeneralName>(name).Octets);
                }
            },
            iter: 20_000);

    [Fact]
    public void Addresses_are_equal_when_text_and_octets_are()
    {
        Assert.True(GeneralName.TryParse("IP_ADDRESS", "::1", out GeneralName? one, out _));
        Assert.True(GeneralName.TryParse("IP_ADDRESS", "::1", out GeneralName? same, out _));
        Assert.True(GeneralName.TryParse("IP_ADDRESS", "0::1", out GeneralName? other, out _));

        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, other);
    }
}
