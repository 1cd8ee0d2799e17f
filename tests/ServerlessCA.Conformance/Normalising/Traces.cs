using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>Files of raw traces.</summary>
public static class Traces
{
    /// <summary>The normal form of every case of a file.</summary>
    public static JsonObject Normalise(JsonNode file) => new()
    {
        ["theme"] = file["theme"]?.DeepClone(),
        ["cases"] = new JsonArray([.. file["cases"]!.AsArray().Select(trace => Normaliser.Normalise(trace!))]),
    };
}
