using System.Globalization;
using System.Net;
using System.Text;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>How one call of AWS goes wrong.</summary>
public enum CallFault
{
    /// <summary>It never arrives.</summary>
    Lost,

    /// <summary>It is done, and its answer is lost.</summary>
    DoneButAnswerLost,

    /// <summary>The service refuses it for now.</summary>
    Throttled,

    /// <summary>It has no answer, ever, and neither have its repeats.</summary>
    Hangs,
}

/// <summary>Lets one call of AWS go wrong, at its first attempt; the others pass. Keeps what was called.</summary>
/// <param name="fault">How.</param>
/// <param name="call">Which, as <see cref="Calls"/> names it; null: none goes wrong.</param>
/// <param name="own">A text that is in no other deployment's calls, such as its project: names of calls are without it.</param>
internal sealed class PlannedFault(CallFault fault, NamedCall? call, string own)
{
    private readonly Lock gate = new();
    private readonly List<NamedCall> calls = [];

    /// <summary>Every attempt of a call so far.</summary>
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

    /// <summary>For a session's transport.</summary>
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

    // Each protocol has its own form: JSON has a target, the query protocol a form, S3 neither.
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

/// <summary>One attempt of a call of AWS among those of a run: not by its place among all calls, which differs from run to
/// run where several are made at once.</summary>
/// <param name="Operation">Such as <c>DynamoDB_20120810.Query</c>.</param>
/// <param name="Number">From 1, of this operation.</param>
internal sealed record NamedCall(string Operation, int Number)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Operation}, no. {Number}");
}
