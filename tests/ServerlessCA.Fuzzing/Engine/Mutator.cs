using System.Buffers.Binary;
using System.Text;

namespace ServerlessCA.Fuzzing.Engine;

/// <summary>Changes inputs at random, as AFL does: bits, bytes, lengths, blocks, words, and splices of two inputs. The same seed
/// gives the same inputs.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> words)
{
    /// <summary>Limits most inputs, in bytes; a few are blown up to <see cref="MaxLength"/>.</summary>
    public const int UsualLength = 16 * 1024;

    /// <summary>Limits all inputs: what one request may have.</summary>
    public const int MaxLength = 1024 * 1024;

    private const int BlowUpOneOf = 2_000;
    private static readonly byte[] Interesting = [0, 1, 0x7F, 0x80, 0xFF, 0x30, 0x31, 0x22, 0x5C, 0x7B, 0x5B, 0x2C, 0x0A, 0xC3, 0xED];

    /// <summary>Makes a new input of one, or two, of the corpus.</summary>
    public byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus)
    {
        var bytes = new List<byte>(input);
        for (int left = 1 << random.Next(0, 5); left > 0; left--)
        {
            Change(bytes, corpus);
        }

        if (bytes.Count > UsualLength)
        {
            bytes.RemoveRange(UsualLength, bytes.Count - UsualLength);
        }

        return random.Next(BlowUpOneOf) == 0 ? BlowUp(bytes) : [.. bytes];
    }

    /// <summary>Repeats a part of an input until it has the length of the largest request.</summary>
    public byte[] BlowUp(List<byte> bytes)
    {
        if (bytes.Count == 0)
        {
            return new byte[MaxLength];
        }

        int at = random.Next(bytes.Count);
        byte[] part = [.. bytes.Skip(at).Take(random.Next(1, Math.Min(64, bytes.Count - at) + 1))];
        int room = MaxLength - bytes.Count;
        byte[] blown = new byte[bytes.Count + room];
        bytes.CopyTo(0, blown, 0, at);
        for (int i = 0; i < room; i++)
        {
            blown[at + i] = part[i % part.Length];
        }

        bytes.CopyTo(at, blown, at + room, bytes.Count - at);
        return blown;
    }

    private void Change(List<byte> bytes, IReadOnlyList<byte[]> corpus)
    {
        int at = random.Next(bytes.Count + 1);
        bool inside = at < bytes.Count;
        switch (random.Next(13))
        {
            case 0 when inside:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when inside:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2 when inside:
                bytes[at] = Interesting[random.Next(Interesting.Length)];
                break;
            case 3 when inside:
                bytes[at] += (byte)random.Next(-16, 17);
                break;
            case 4 when inside:
                bytes.RemoveRange(at, random.Next(1, Math.Min(32, bytes.Count - at) + 1));
                break;
            case 5:
                bytes.Insert(at, (byte)random.Next(256));
                break;
            case 6 when inside:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, random.Next(1, Math.Min(64, bytes.Count - at) + 1)));
                break;
            case 7 or 8 when words.Count > 0:
                bytes.InsertRange(at, words[random.Next(words.Count)]);
                break;
            case 9 when words.Count > 0 && inside:
                byte[] word = words[random.Next(words.Count)];
                bytes.RemoveRange(at, Math.Min(word.Length, bytes.Count - at));
                bytes.InsertRange(at, word);
                break;
            case 10 when corpus.Count > 0:
                byte[] other = corpus[random.Next(corpus.Count)];
                int from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other.AsSpan(from, random.Next(Math.Min(256, other.Length - from) + 1)).ToArray());
                break;
            case 11 when bytes.Count - at >= 4:
                byte[] number = new byte[4];
                BinaryPrimitives.WriteInt32BigEndian(number, random.Next(3) switch { 0 => -1, 1 => int.MaxValue, _ => random.Next(1 << random.Next(1, 31)) });
                for (int i = 0; i < number.Length; i++)
                {
                    bytes[at + i] = number[i];
                }

                break;
            default:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(new Rune(random.Next(0x80, 0xD800)).ToString()));
                break;
        }
    }
}
