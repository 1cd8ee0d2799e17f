using System.Formats.Asn1;

namespace ServerlessCA.Core.Certificates;

/// <summary>Encodes DER with a writer that each thread uses again: a new writer takes a kilobyte, and most elements have some octets.</summary>
internal static class DerEncoding
{
    private const int MaxKept = 64 * 1024; // octets; the buffer of a rare large element is not kept

    [ThreadStatic]
    private static AsnWriter? spare;

    /// <summary>Returns what an action writes.</summary>
    /// <param name="state">What the action needs, so that it captures nothing.</param>
    /// <param name="write">Writes whole elements. It may encode others meanwhile.</param>
    public static byte[] Of<TState>(TState state, Action<AsnWriter, TState> write) => Written(state, write, static writer => writer.Encode());

    /// <summary>Counts the octets of what an action writes.</summary>
    /// <param name="state">As for <see cref="Of"/>.</param>
    /// <param name="write">As for <see cref="Of"/>.</param>
    public static int CountOctets<TState>(TState state, Action<AsnWriter, TState> write) =>
        Written(state, write, static writer => writer.GetEncodedLength());

    /// <summary>Returns the octets of an element with a tag of one octet (X.690 §8.1.3).</summary>
    /// <param name="content">The octets of its content.</param>
    public static int OctetsOf(int content)
    {
        int octets = content + 2;
        for (int rest = content < 128 ? 0 : content; rest > 0; rest >>= 8)
        {
            octets++;
        }

        return octets;
    }

    private static TResult Written<TState, TResult>(TState state, Action<AsnWriter, TState> write, Func<AsnWriter, TResult> read)
    {
        AsnWriter writer = spare ?? new AsnWriter(AsnEncodingRules.DER);
        spare = null; // an encoding inside this one gets another writer, and a writer that failed is not used again
        write(writer, state);
        TResult result = read(writer);
        if (writer.GetEncodedLength() <= MaxKept)
        {
            writer.Reset();
            spare = writer;
        }

        return result;
    }
}
