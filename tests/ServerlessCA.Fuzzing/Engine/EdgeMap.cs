using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace ServerlessCA.Fuzzing.Engine;

/// <summary>Is the map into which instrumented assemblies count the edges that an input passes, as in AFL: 64 KiB, one octet an
/// edge, of which the counts 1, 2, 3, 4-7, 8-15, 16-31, 32-127 and more are different. Stays empty where nothing is
/// instrumented.</summary>
internal sealed unsafe class EdgeMap
{
    private const int Size = 65_536;

    private readonly byte* edges = (byte*)NativeMemory.AllocZeroed(Size);
    private readonly byte[] seen = new byte[Size];

    /// <summary>Makes instrumented code count here.</summary>
    public EdgeMap() => Trace.SharedMem = edges;

    /// <summary>Gives instrumented code a map before any of it runs: it writes without looking.</summary>
    [ModuleInitializer]
    internal static void Begin() => Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(Size);

    /// <summary>Gets how many edges any input has passed.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets the last input.</summary>
    public void Clear()
    {
        NativeMemory.Clear(edges, Size);
        Trace.PrevLocation = 0;
    }

    /// <summary>Says whether the last input passed an edge that none before it has passed, or passed it more often.</summary>
    public bool HasNews()
    {
        bool news = false;
        var counts = new ReadOnlySpan<ulong>(edges, Size / sizeof(ulong));
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] != 0)
            {
                news |= Note(i * sizeof(ulong));
            }
        }

        return news;
    }

    /// <summary>Says whether the last input passed an edge that none before it has passed, however often.</summary>
    public bool HasNewEdges()
    {
        int before = Count;
        return HasNews() && Count > before;
    }

    private bool Note(int first)
    {
        bool news = false;
        for (int i = first; i < first + sizeof(ulong); i++)
        {
            byte bucket = Bucket(edges[i]);
            if ((bucket & ~seen[i]) != 0)
            {
                Count += seen[i] == 0 ? 1 : 0;
                seen[i] |= bucket;
                news = true;
            }
        }

        return news;
    }

    private static byte Bucket(byte count) => count switch
    {
        0 => 0,
        <= 3 => (byte)(1 << (count - 1)),
        <= 7 => 8,
        <= 15 => 16,
        <= 31 => 32,
        <= 127 => 64,
        _ => 128,
    };
}
