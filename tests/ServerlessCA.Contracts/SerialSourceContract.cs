using System.Formats.Asn1;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>Tests what every source of serial numbers does (<see cref="ISerialSource"/>).</summary>
public abstract class SerialSourceContract
{
    /// <summary>Gets the source under test.</summary>
    protected abstract ISerialSource Source { get; }

    [Fact]
    public void Serial_numbers_do_not_repeat_even_when_drawn_concurrently()
    {
        ISerialSource source = Source;
        var drawn = new SerialNumber[10_000];
        Parallel.For(0, drawn.Length, index => drawn[index] = source.Draw());

        Assert.Equal(drawn.Length, drawn.Distinct().Count());
        Assert.All(drawn, serial => Assert.True(serial.Value.Sign > 0));
    }
}

public sealed class RandomSerialSourceTests : SerialSourceContract
{
    protected override ISerialSource Source { get; } = new RandomSerialSource();

    [Fact]
    public void Every_serial_takes_20_octets_in_DER()
    {
        // One draw in 128 has a first octet of zero: 2,000 draws would show it.
        for (int draw = 0; draw < 2_000; draw++)
        {
            var der = new AsnWriter(AsnEncodingRules.DER);
            der.WriteInteger(Source.Draw().Value);
            Assert.Equal(2 + SerialNumber.MaxOctets, der.GetEncodedLength());
        }
    }

    [Fact]
    public void Every_bit_below_the_sign_is_drawn()
    {
        System.Numerics.BigInteger seenSet = 0;
        System.Numerics.BigInteger seenClear = 0;
        System.Numerics.BigInteger all = (System.Numerics.BigInteger.One << 159) - 1;
        for (int draw = 0; draw < 200; draw++)
        {
            System.Numerics.BigInteger value = Source.Draw().Value;
            seenSet |= value;
            seenClear |= all ^ value;
        }

        Assert.Equal(all, seenSet);
        Assert.Equal(all, seenClear);
    }
}
