using System.Globalization;
using System.Net;
using System.Text;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>Says how one call of AWS fails.</summary>
public enum CallFault
{
    /// <summary>The call never arrives.</summary>
    Lost,

    /// <summary>The call is carried out, and its answer is lost.</summary>
    DoneButAnswerLost,

    /// <summary>The service throttles the call.</summary>
    Throttled,

    /// <summary>Neither the call nor its repeats ever have an answer.</summary>
    Hangs,
}

/// <summary>Makes one call of AWS fail, at its first attempt; the others pass. It records all calls.</summary>
/// <param name="fault">How the call fails.</param>
/// <param name="call">The call that fails, as <see cref="Calls"/> names it; null: none fails.</param>
/// <param name="own">A text that is in no other deployment's calls, such as the project; it is removed from the names of
/// calls.</param>
internal sealed class PlannedFault(CallFault fault, NamedCall? call, string own)
{
    private readonly Lock gate = new();
    private readonly List<NamedCall> calls = [];

    /// <summary>All attempts of calls so far.</summary>
    public IReadOnlyList<NamedCall> Calls
    {
        get
        {
            lock (gate)
            {
                return [.. calls];
            }
        }
    }

    /// <summary>Whether the call was made.</summary>
    public bool Happened => call is not null && Calls.Contains(call);

    /// <summary>Wraps the transport of a session.</summary>
    public HttpMessageHandler Before(HttpMessageHandler transport) => new Handler(this, transport);

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, Func<Task<HttpResponseMessage>> send, CancellationToken cancellation)
    {
        if (!IsMeant(Record(await OperationAsync(request, cancellation))))
        {
            return await send();
        }

        switch (fault)
        {
            case CallFault.Lost:
                throw new HttpRequestException("lost on the way");
            case CallFault.DoneButAnswerLost:
                using (await send())
                {
                    throw new HttpRequestException("answer lost on the way back");
                }

            case CallFault.Hangs:
                await Task.Delay(Timeout.Infinite, cancellation);
                throw new InvalidOperationException("waits for ever");
            default:
                return Throttling(request);
        }
    }

    private bool IsMeant(NamedCall made) => made == call || (fault == CallFault.Hangs && made.Operation == call?.Operation);

    private NamedCall Record(string operation)
    {
        lock (gate)
        {
            calls.Add(new NamedCall(operation, calls.Count(before => before.Operation == operation) + 1));
            return calls[^1];
        }
    }

    private async Task<string> OperationAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        string operation = request.Headers.TryGetValues("X-Amz-Target", out IEnumerable<string>? target) ? target.First()
            : IsQuery(request) ? (await request.Content!.ReadAsStringAsync(cancellation)).Split('&')[0]
            : $"{request.Method} {request.RequestUri!.AbsolutePath}";
        return operation.Replace(own, "", StringComparison.Ordinal);
    }

    // Each protocol names the operation in its own way: JSON in a header, the query protocol in a form, S3 in neither.
    private static HttpResponseMessage Throttling(HttpRequestMessage request)
    {
        bool json = request.Headers.Contains("X-Amz-Target");
        bool query = IsQuery(request);
        string body = json ? """{"__type":"ThrottlingException","message":"Rate exceeded"}"""
            : query ? "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"
            : "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
        return new HttpResponseMessage(json || query ? HttpStatusCode.BadRequest : HttpStatusCode.ServiceUnavailable)
        {
            Content = new StringContent(body, Encoding.UTF8, json ? "application/x-amz-json-1.0" : "text/xml"),
            RequestMessage = request,
        };
    }

    private static bool IsQuery(HttpRequestMessage request) =>
        request.Content?.Headers.ContentType?.MediaType == "application/x-www-form-urlencoded";

    private sealed class Handler(PlannedFault plan, HttpMessageHandler transport) : DelegatingHandler(transport)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            plan.SendAsync(request, () => base.SendAsync(request, cancellationToken), cancellationToken);
    }
}

/// <summary>Names one attempt of a call of AWS within a run. It is not the place among all calls, which differs from run to run
/// where several are made at once.</summary>
/// <param name="Operation">The operation, such as <c>DynamoDB_20120810.Query</c>.</param>
/// <param name="Number">The number of the attempt of this operation, from 1.</param>
internal sealed record NamedCall(string Operation, int Number)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Operation}, no. {Number}");
}
