using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ServerlessCA.Core;

namespace ServerlessCA.Lambda.Runtime;

/// <summary>Calls the Lambda runtime API: it receives events and sends answers and errors.</summary>
internal sealed class RuntimeApi : IDisposable
{
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");
    private static readonly MediaTypeHeaderValue ErrorType = new("application/vnd.aws.lambda.error+json");

    private readonly HttpClient http;
    private readonly RuntimeAddress address;

    /// <param name="host"><c>AWS_LAMBDA_RUNTIME_API</c>.</param>
    public RuntimeApi(string host)
    {
        address = new RuntimeAddress(host);
        http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false, // the service is on this machine
            UseCookies = false,
            AllowAutoRedirect = false,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        })
        {
            // The process is frozen while it waits for an event, perhaps for hours: no timeout is long enough.
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = int.MaxValue,
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd(Product.UserAgent);
    }

    /// <summary>Waits for the next event.</summary>
    /// <exception cref="HttpRequestException">The connection broke: call it again.</exception>
    /// <exception cref="RuntimeEndedException">The service wants this process to end.</exception>
    public async Task<Invocation> NextAsync(CancellationToken stopped)
    {
        using HttpResponseMessage next = await http.GetAsync(address.Next, stopped);
        Check(next);
        string deadline = Header(next, "Lambda-Runtime-Deadline-Ms") ?? "";

        // None of our code reads it, but the AWS SDK sends it on, so that calls belong to the invocation's trace.
        Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", Header(next, "Lambda-Runtime-Trace-Id"));
        return new Invocation(
            Header(next, "Lambda-Runtime-Aws-Request-Id") ?? throw new RuntimeEndedException("the Lambda service sent an event without a request id"),
            long.TryParse(deadline, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
                ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                : DateTimeOffset.MaxValue,
            await next.Content.ReadAsByteArrayAsync(stopped))
        {
            FunctionArn = OnlyHeader(next, "Lambda-Runtime-Invoked-Function-Arn"),
        };
    }

    /// <summary>Sends an answer.</summary>
    /// <returns>False when the service finds it too large.</returns>
    public async Task<bool> RespondAsync(string requestId, ReadOnlyMemory<byte> utf8)
    {
        using HttpResponseMessage response = await PostAsync(address.Response(requestId), utf8, JsonType, null);
        if (response.StatusCode == HttpStatusCode.RequestEntityTooLarge)
        {
            return false;
        }

        Check(response);
        return true;
    }

    /// <summary>Sends an error instead of an answer.</summary>
    public async Task FailAsync(string requestId, FunctionError error)
    {
        using HttpResponseMessage response = await PostAsync(address.Error(requestId), error.Utf8, ErrorType, error);
        Check(response);
    }

    /// <summary>Reports that this process cannot start.</summary>
    public async Task FailInitAsync(FunctionError error)
    {
        using HttpResponseMessage response = await PostAsync(address.InitError, error.Utf8, ErrorType, error);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> PostAsync(
        Uri where, ReadOnlyMemory<byte> body, MediaTypeHeaderValue contentType, FunctionError? error)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, where) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = contentType;
        if (error is not null)
        {
            request.Headers.TryAddWithoutValidation("Lambda-Runtime-Function-Error-Type", error.Type);
            request.Headers.TryAddWithoutValidation("Lambda-Runtime-Function-XRay-Error-Cause", error.TraceCause);
        }

        return await http.SendAsync(request);
    }

    // 403: the invocation is not this process's any more; 5xx: the process is to end (runtime API reference).
    private static void Check(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.Forbidden || response.StatusCode >= HttpStatusCode.InternalServerError)
        {
            string status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            throw new RuntimeEndedException($"the Lambda service answered HTTP {status}: this process ends, Lambda starts another");
        }

        response.EnsureSuccessStatusCode();
    }

    // Null also when there are several: who is bound by it must not choose.
    private static string? OnlyHeader(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) && values.Take(2).ToArray() is [string only] ? only : null;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;
}

/// <summary>Makes the addresses of the Lambda runtime API, version 2018-06-01.</summary>
/// <param name="host"><c>AWS_LAMBDA_RUNTIME_API</c>: host and port.</param>
internal sealed class RuntimeAddress(string host)
{
    private readonly string root = $"http://{host}/2018-06-01/runtime";

    public Uri Next => new($"{root}/invocation/next");

    public Uri InitError => new($"{root}/init/error");

    public Uri Response(string requestId) => new($"{root}/invocation/{requestId}/response");

    public Uri Error(string requestId) => new($"{root}/invocation/{requestId}/error");
}

/// <summary>Holds one event to handle. Immutable.</summary>
/// <param name="RequestId">The invocation's id, which logs and answers contain.</param>
/// <param name="Deadline">When Lambda ends the process, UTC.</param>
/// <param name="Event">The event as it came, which should be JSON.</param>
internal sealed record Invocation(string RequestId, DateTimeOffset Deadline, ReadOnlyMemory<byte> Event)
{
    /// <summary>The ARN by which the caller named the function, with a version or an alias if it named one. Lambda writes it
    /// after IAM has allowed the caller exactly this ARN; nothing in the caller's call is copied into it. Null when Lambda sent
    /// none, or several.</summary>
    public string? FunctionArn { get; init; }
}

/// <summary>The Lambda service wants this process to end. It starts another one when it needs one.</summary>
internal sealed class RuntimeEndedException(string message) : Exception(message);
