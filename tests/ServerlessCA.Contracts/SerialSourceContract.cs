using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>What every source of serial numbers does (<see cref="ISerialSource"/>).</summary>
public abstract class SerialSourceContract
{
    /// <summary>The source under test.</summary>
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
