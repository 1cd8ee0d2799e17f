using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServerlessCA.Conformance.Comparing;

/// <summary>How JSON is written where people read it.</summary>
public static class FormJson
{
    /// <summary>On one line, nothing escaped that need not be.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same, indented.</summary>
    public static JsonSerializerOptions Indented { get; } = new(Options) { WriteIndented = true, IndentSize = 1 };
}
