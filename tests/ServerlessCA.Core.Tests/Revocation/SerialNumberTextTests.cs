using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CsCheck;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using Xunit;

namespace ServerlessCA.Core.Tests.Revocation;

public sealed class SerialNumberTextTests
{
    private const string Largest = "730750818665451459101842416358141509827966271487"; // 2^159 - 1, 20 octets

    [Theory]
    [InlineData("\"4660\"", "4660")]
    [InlineData("4660", "4660")]
    [InlineData("\"0x1234\"", "4660")]
    [InlineData("\"0X1234\"", "4660")]
    [InlineData("\"12:34\"", "4660")]
    [InlineData("\"00:12:34\"", "4660")]
    [InlineData("\"0x001234\"", "4660")]
    [InlineData("\"0004660\"", "4660")]
    [InlineData("\"0xfF\"", "255")]
    [InlineData("\"fF\"", "255")]
    [InlineData("\" 12 \"", "12")]
    [InlineData("\"0x12 \"", "18")]
    [InlineData("\"ff 01\"", "65281")]
    [InlineData("\"ff: 01\\n\"", "65281")]
    [InlineData("\"serial=FF01\"", "65281")]
    [InlineData("\"Serial = 0xff01\"", "65281")]
    [InlineData("\"fF:01\"", "65281")]
    [InlineData(Largest, Largest)]
    [InlineData("\"0x7fffffffffffffffffffffffffffffffffffffff\"", Largest)]
    [InlineData("\"7f:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff\"", Largest)]
    public void Every_form_is_read(string json, string expected)
    {
        Assert.True(SerialNumberText.TryRead(JsonDocument.Parse(json).RootElement, out SerialReading reading));
        Assert.Equal(SerialNumber.Parse(expected), reading.Number);
    }

    [Fact]
    public void The_digits_of_a_number_are_those_of_its_value_whatever_its_octets()
    {
        Gen.Byte.Array[1, SerialNumber.MaxOctets].Where(octets => octets[0] < 0x80 && octets.Any(octet => octet != 0)).Sample(octets =>
        {
            var serial = SerialNumber.FromBigEndian(octets);
            string digits = new BigInteger(octets, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
            Assert.Equal((digits, serial), (serial.ToString(), SerialNumber.Parse(digits)));
        });
        foreach (int exponent in Enumerable.Range(0, 47))
        {
            var power = BigInteger.Pow(10, exponent); // where words of nine digits end
            Assert.Equal(power.ToString(CultureInfo.InvariantCulture), SerialNumber.Of(power).ToString());
            Assert.Equal((power * 9).ToString(CultureInfo.InvariantCulture), SerialNumber.Of(power * 9).ToString());
        }
    }

    [Theory]
    [InlineData("4660", "4660", "18016")] // digits alone: decimal, unless only a hexadecimal one exists
    [InlineData("0x4660", "18016", null)]
    [InlineData("46:60", "18016", null)]
    [InlineData("3FA207", "4170247", null)]
    [InlineData("serial=4660", "18016", "4660")] // openssl writes hexadecimal
    [InlineData("9", "9", null)]
    [InlineData(Largest, Largest, null)] // no 20 octets in hexadecimal
    public void Digits_alone_may_be_hexadecimal_and_nothing_else_is_in_doubt(string text, string number, string? otherwise)
    {
        Assert.True(SerialNumberText.TryRead(text, out SerialReading reading));
        Assert.Equal((number, otherwise), (reading.Number.ToString(), reading.Otherwise?.ToString()));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"0\"")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("\"-1\"")]
    [InlineData("\"+1\"")]
    [InlineData("\"-0x1\"")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("\"0x\"")]
    [InlineData("\"0x0\"")]
    [InlineData("\"0x12\\u0000\"")]
    [InlineData("\"12\\u0000\"")]
    [InlineData("\"0x-1\"")]
    [InlineData("\"0xg\"")]
    [InlineData("\"0x12:34\"")]
    [InlineData("\":\"")]
    [InlineData("\"1:2\"")]
    [InlineData("\"12:\"")]
    [InlineData("\"12::34\"")]
    [InlineData("\"00:00\"")]
    [InlineData("\"serial=\"")]
    [InlineData("\"serial\"")]
    [InlineData("\"1,000\"")]
    [InlineData("\"\\u0661\\u0662\"")] // Arabic digits
    [InlineData("\"\\uff11:\\uff12\"")] // full-width digits
    [InlineData("\"0x\\uff11\"")]
    [InlineData("\"730750818665451459101842416358141509827966271488\"")] // 21 octets with its sign
    [InlineData("\"0x8000000000000000000000000000000000000000\"")]
    [InlineData("\"80:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00\"")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{}")]
    public void Anything_else_is_not(string json) =>
        Assert.False(SerialNumberText.TryRead(JsonDocument.Parse(json).RootElement, out SerialReading _));

    [Theory]
    [InlineData("9")]
    [InlineData("0x9")]
    [InlineData("99:")]
    public void A_million_digits_are_refused_without_being_computed(string start) =>
        Assert.False(SerialNumberText.TryRead(start + new string('9', 1_000_000), out SerialReading _));
}
