using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Core.Functions;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Lambda;

/// <summary>Invoke of the Lambda API.</summary>
internal sealed class InvokeEndpoint(FunctionCatalog catalog, FunctionRunner runner, EventQueue queue)
{
    /// <summary>Bytes of an event whose caller waits: 6 MB (Lambda quotas).</summary>
    public const int MaxSynchronous = 6 * 1024 * 1024;

    /// <summary>Bytes of an event whose caller does not wait: 1 MB (Lambda quotas).</summary>
    public const int MaxAsynchronous = 1024 * 1024;

    private const int MaxLogTail = 4096; // bytes, of the API reference

    private static readonly byte[] EmptyEvent = "{}"u8.ToArray(); // what Lambda gives a function without a payload

    /// <summary>Carries out one call.</summary>
    public async Task<ApiReply> InvokeAsync(HttpRequest request, string requestId, string reference, ReadOnlyMemory<byte> body)
    {
        string? qualifier = request.Query["Qualifier"] is [{ } given, ..] ? given : null;
        if (!catalog.TryFind(reference, qualifier, out CaFunction function, out _, out ApiFault? why))
        {
            return ApiReply.Of(why!);
        }

        if (body.Length > 0 && WhyNotJson(body) is { } broken)
        {
            return ApiReply.Of(ApiFault.BadContent($"Could not parse request body into json: {broken}"));
        }

        var call = new FunctionCall(requestId, function, body.Length > 0 ? body : EmptyEvent);
        return Header(request, "X-Amz-Invocation-Type") switch
        {
            null or "RequestResponse" => await AnswerAsync(call, Header(request, "X-Amz-Log-Type") == "Tail"),
            "Event" => Enqueue(call),
            "DryRun" => ApiReply.Empty(StatusCodes.Status204NoContent),
            _ => ApiReply.Of(ApiFault.BadValue("X-Amz-Invocation-Type must be RequestResponse, Event or DryRun.")),
        };
    }

    private async Task<ApiReply> AnswerAsync(FunctionCall call, bool withLog)
    {
        if (await runner.RunAsync(call) is not { } result)
        {
            return ApiReply.Of(ApiFault.TooMany());
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
        call.Event.Length > MaxAsynchronous ? ApiReply.Of(ApiFault.TooLarge(MaxAsynchronous))
        : queue.TryAdd(call) ? ApiReply.Empty(StatusCodes.Status202Accepted)
        : ApiReply.Of(ApiFault.TooMany());

    private static string? WhyNotJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return null;
        }
        catch (JsonException fault)
        {
            return Core.Requests.JsonFaults.Place(fault);
        }
    }

    private static string? Header(HttpRequest request, string name) => request.Headers[name] is [{ } value] ? value : null;
}
