namespace ServerlessCA.Cli.Decoding;

/// <summary>How much work may still go into an input. Whoever sends a text can wrap it so that each layer is looked
/// through in several ways, and what costs little once costs hours in the end: the work stays in proportion to the
/// input's size.</summary>
/// <param name="octets">The input's size.</param>
internal sealed class Effort(int octets)
{
    private const int Rounds = 24; // our decision: base64 twice, in a notification, in SNS, in an event, in a log, takes about 10
    private const int Least = 4 << 20; // octets; our decision: so much takes no time whatever it is

    private long left = Math.Max(Least, (long)octets * Rounds);

    /// <summary>What a text costs that begins as JSON does and is none: as much as reading so many octets.</summary>
    public const int WrongStart = 4096;

    /// <summary>What it costs to find that octets are no certificate, whatever their number.</summary>
    public const int WrongBlock = 1024;

    /// <summary>Takes a part of it.</summary>
    /// <param name="cost">In octets that are read.</param>
    /// <exception cref="CommandFault">There is nothing left.</exception>
    public void Spend(long cost)
    {
        left -= cost;
        if (left < 0)
        {
            throw CommandFault.Fault("the input is too entangled: looking through all of it would take too long", "give the part that holds the certificate, alone");
        }
    }
}
