using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Operations;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Api;
using ServerlessCA.Server.Http;
using ServerlessCA.Server.Logging;

namespace ServerlessCA.Server.Lambda;

/// <summary>Answers Invoke of the Lambda API.</summary>
internal sealed class InvokeEndpoint(FunctionCatalog catalog, FunctionRunner runner, EventQueue queue, ILogger log)
{
    /// <summary>The most bytes of an event whose caller waits, as of an answer (Lambda quotas).</summary>
    public const int MaxSynchronous = OperationResult.MaxBytes;

    /// <summary>The most bytes of an event whose caller does not wait: 1 MB (Lambda quotas).</summary>
    public const int MaxAsynchronous = 1024 * 1024;

    private const string Throttled = "throttled";

    private const int MaxLogTail = 4096; // bytes, from the API reference

    private static readonly byte[] EmptyEvent = "{}"u8.ToArray(); // Lambda's event for a call without a payload

    /// <summary>Carries out one call.</summary>
    /// <param name="request">The request with its headers and query.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="requestId">The id of the call in the log.</param>
    /// <param name="reference">The function as the path names it.</param>
    /// <param name="body">The event.</param>
    public async Task<ApiReply> InvokeAsync(HttpRequest request, Caller caller, string requestId, string reference, ReadOnlyMemory<byte> body)
    {
        string? qualifier = request.Query["Qualifier"] is [{ } given, ..] ? given : null;
        if (!catalog.TryFind(reference, qualifier, out CaFunction function, out _, out ApiFault? why))
        {
            return ApiReply.Of(why!);
        }

        var call = new FunctionCall(requestId, function, body.Length > 0 ? body : EmptyEvent, caller);
        if (caller.Rights.WhyNot(function) is { } missing)
        {
            return Left(call, "denied", ApiFault.NotAllowed(caller.Name, catalog.ArnOf(function), missing));
        }

        if (body.Length > 0 && ApiBody.WhyNotJson(body.Span) is { } broken)
        {
            return Left(call, "unreadable", ApiFault.BadContent($"Could not parse request body into json: {broken}"));
        }

        return Header(request, "X-Amz-Invocation-Type") switch
        {
            null or "RequestResponse" => await AnswerAsync(call, Header(request, "X-Amz-Log-Type") == "Tail"),
            "Event" => Enqueue(call),
            "DryRun" => DryRun(call),
            _ => ApiReply.Of(ApiFault.BadValue("X-Amz-Invocation-Type must be RequestResponse, Event or DryRun.")),
        };
    }

    private async Task<ApiReply> AnswerAsync(FunctionCall call, bool withLog)
    {
        if (await runner.RunAsync(call) is not { } result)
        {
            return Left(call, Throttled, ApiFault.TooMany());
        }

        var headers = new List<(string, string)> { ("X-Amz-Executed-Version", FunctionReference.Latest) };
        if (result.Failed)
        {
            headers.Add(("X-Amz-Function-Error", "Unhandled"));
        }

        if (withLog)
        {
            byte[] lines = Encoding.UTF8.GetBytes(result.Log);
            headers.Add(("X-Amz-Log-Result", Convert.ToBase64String(lines.AsSpan(Math.Max(0, lines.Length - MaxLogTail)))));
        }

        return new ApiReply(StatusCodes.Status200OK, result.Json) { Headers = headers };
    }

    private ApiReply Enqueue(FunctionCall call) =>
        call.Event.Length > MaxAsynchronous ? Left(call, "too large", ApiFault.TooLarge(MaxAsynchronous))
        : queue.TryAdd(call) ? ApiReply.Empty(StatusCodes.Status202Accepted)
        : Left(call, Throttled, ApiFault.TooMany());

    private ApiReply DryRun(FunctionCall call)
    {
        log.Called(call, "dry run");
        return ApiReply.Empty(StatusCodes.Status204NoContent);
    }

    private ApiReply Left(FunctionCall call, string outcome, ApiFault why)
    {
        log.Called(call, outcome);
        return ApiReply.Of(why);
    }

    private static string? Header(HttpRequest request, string name) => request.Headers[name] is [{ } value] ? value : null;
}
