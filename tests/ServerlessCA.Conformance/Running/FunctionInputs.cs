using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Recording;

namespace ServerlessCA.Conformance.Running;

/// <summary>Makes the functions' events of the fields of steps.</summary>
internal sealed class FunctionInputs(IReadOnlyDictionary<string, string> csrs)
{
    private readonly Dictionary<string, StepRecord> records = [];

    /// <summary>The function that a step calls; null for the steps that call none.</summary>
    public static CaFunction? FunctionOf(string op) => op switch
    {
        "create_root_ca" => CaFunction.CreateRootCa,
        "create_issuing_ca" => CaFunction.CreateIssuingCa,
        "root_crl" => CaFunction.RootCrl,
        "issuing_crl" => CaFunction.IssuingCrl,
        "tls_cert" => CaFunction.TlsCert,
        "expiry" => CaFunction.Expiry,
        "notify" => CaFunction.Notify,
        _ => null,
    };

    /// <summary>Keeps what a step published, for a later notify step.</summary>
    public void Remember(string id, StepRecord record) => records[id] = record;

    /// <summary>The event of a step.</summary>
    public JsonNode? Of(CaFunction function, JsonObject fields)
    {
        if (function == CaFunction.Notify)
        {
            return TopicMessage(fields);
        }

        JsonNode? input = fields.TryGetPropertyValue("event", out JsonNode? given) ? given?.DeepClone() : new JsonObject();
        string? csr = fields["csr"] is { } name ? csrs[name.GetValue<string>()] : fields["csr_pem"]?.GetValue<string>();
        if (csr is not null)
        {
            input!.AsObject()["base64_csr_data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(csr));
        }

        return input;
    }

    private JsonObject TopicMessage(JsonObject fields)
    {
        if (fields["from"] is { } from)
        {
            int index = fields["index"]?.GetValue<int>() ?? 0;
            JsonNode published = records[from.GetValue<string>()].Notifications.ElementAtOrDefault(index)
                ?? throw new InvalidOperationException($"step '{from}' published no notification {index}");
            JsonNode perProtocol = JsonNode.Parse(published["message"]!.GetValue<string>())!;
            return new JsonObject { ["Subject"] = published["subject"]!.DeepClone(), ["Message"] = perProtocol["default"]!.DeepClone() };
        }

        string message = fields["message_text"]?.GetValue<string>() ?? fields["message"]?.ToJsonString() ?? "null";
        return new JsonObject { ["Subject"] = fields["subject"]?.DeepClone(), ["Message"] = message };
    }
}
