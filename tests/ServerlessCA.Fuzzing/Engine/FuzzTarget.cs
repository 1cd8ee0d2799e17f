using System.Text;
using System.Text.Unicode;

namespace ServerlessCA.Fuzzing.Engine;

/// <summary>Feeds bytes of one kind to the code that reads them. An answer and a refusal are both good; every exception is a
/// finding.</summary>
/// <param name="name">Names the target on the command line, and the folder of its corpus.</param>
/// <param name="run">Reads the bytes, and throws where a property does not hold.</param>
internal sealed class FuzzTarget(string name, Action<byte[]> run)
{
    /// <summary>Gets the name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets inputs to begin with, besides those of the corpus.</summary>
    public IReadOnlyList<byte[]> Seeds { get; init; } = [];

    /// <summary>Gets words that mutations insert.</summary>
    public IReadOnlyList<byte[]> Words { get; init; } = [];

    /// <summary>Runs one input.</summary>
    public void Run(byte[] input) => run(input);
}

/// <summary>Is thrown where a property of a target does not hold.</summary>
internal sealed class PropertyFailedException(string message) : Exception(message);

/// <summary>Checks a property.</summary>
internal static class Property
{
    /// <summary>Throws unless it holds.</summary>
    public static void Holds(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new PropertyFailedException(otherwise);
        }
    }
}

/// <summary>Makes text of inputs.</summary>
internal static class InputText
{
    /// <summary>Reads UTF-8; what is none as Latin-1, since replacing each octet costs more than any target.</summary>
    public static string Of(ReadOnlySpan<byte> input) => (Utf8.IsValid(input) ? Encoding.UTF8 : Encoding.Latin1).GetString(input);
}
