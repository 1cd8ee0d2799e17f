using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>JSON numbers of any size.</summary>
internal static class JsonNumber
{
    public static JsonNode Of(BigInteger number) => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture))!;
}
