using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Emulators;

/// <summary>Measures what each call of DynamoDB consumes. It is a handler of the SDK's HTTP client, so that the measured code
/// need not change. It is for emulators only, as it changes signed requests.</summary>
public sealed class CapacityMeter() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    private readonly ConcurrentQueue<ConsumedUnits> consumed = [];

    /// <summary>All calls since the last reset.</summary>
    public IReadOnlyList<ConsumedUnits> Calls => [.. consumed];

    /// <summary>The units of all calls that read.</summary>
    public double ReadUnits => consumed.Where(call => call.IsRead).Sum(call => call.Units);

    /// <summary>The units of all calls that write.</summary>
    public double WriteUnits => consumed.Where(call => !call.IsRead).Sum(call => call.Units);

    /// <summary>Removes all calls so far.</summary>
    public void Reset() => consumed.Clear();

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string[] target = request.Headers.TryGetValues("X-Amz-Target", out IEnumerable<string>? values) ? values.Single().Split('.') : [];
        if (target is not [['D', 'y', 'n', 'a', 'm', 'o', ..], string action] || request.Content is null)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        MediaTypeHeaderValue? type = request.Content.Headers.ContentType;
        JsonObject body = JsonNode.Parse(await request.Content.ReadAsByteArrayAsync(cancellationToken))!.AsObject();
        body["ReturnConsumedCapacity"] = "TOTAL";
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        request.Content.Headers.ContentType = type;

        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            // The emulator charges a strongly consistent scan as if it were an eventually consistent one.
            bool strongScan = action == "Scan" && body["ConsistentRead"]?.GetValue<bool>() == true;
            Record(action, strongScan ? 2 : 1, JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken))?["ConsumedCapacity"]);
        }

        return response;
    }

    private void Record(string action, int factor, JsonNode? capacity)
    {
        foreach (JsonNode? one in capacity is JsonArray several ? [.. several] : new[] { capacity })
        {
            double units = factor * (one?["CapacityUnits"]?.GetValue<double>() ?? 0);
            var call = new ConsumedUnits(action, one?["TableName"]?.GetValue<string>() ?? "", units);

            // The emulator charges nothing for a query that finds nothing; DynamoDB charges half a unit at least.
            consumed.Enqueue(call.IsRead ? call with { Units = Math.Max(0.5, units) } : call);
        }
    }
}

/// <summary>Says what one call consumed of one table. Immutable.</summary>
/// <param name="Action">The operation, such as <c>Query</c>.</param>
/// <param name="Table">The name of the table.</param>
/// <param name="Units">Capacity units: of reading 4 KB strongly consistent, or of writing 1 KB.</param>
public sealed record ConsumedUnits(string Action, string Table, double Units)
{
    /// <summary>Whether they are units of reading.</summary>
    public bool IsRead => Action is "GetItem" or "BatchGetItem" or "Query" or "Scan" or "TransactGetItems";
}
