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
    public static byte[] Of<TState>(TState state, Action<AsnWriter, TState> write)
    {
        AsnWriter writer = spare ?? new AsnWriter(AsnEncodingRules.DER);
        spare = null; // an encoding inside this one gets another writer, and a writer that failed is not used again
        write(writer, state);
        byte[] der = writer.Encode();
        if (der.Length <= MaxKept)
        {
            writer.Reset();
            spare = writer;
        }

        return der;
    }
}
