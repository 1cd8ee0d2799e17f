using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Operations;
using ServerlessCA.Server.Http;
using ServerlessCA.Server.Lambda;
using ServerlessCA.Server.Logging;

namespace ServerlessCA.Server.Api;

/// <summary>Requests a certificate with the function that the Lambda API calls: same event, same answer, same log.</summary>
internal sealed class IssueEndpoint(FunctionRunner runner, ILogger log)
{
    /// <summary>The call.</summary>
    public ApiOperation Operation =>
        new(HttpMethods.Post, "/certificates", ApiCall.Request, AnswerAsync) { MaxBody = InvokeEndpoint.MaxSynchronous };

    private async Task<ApiReply> AnswerAsync(ApiRequest request)
    {
        var call = new FunctionCall(request.Id, CaFunction.TlsCert, request.Body, request.Caller!.Caller);
        if (request.Body.IsEmpty)
        {
            return Left(call, "unreadable", ApiRefusal.BadBody("The body is empty.", "Send a request for a certificate, as docs/request.md has it."));
        }

        if (ApiBody.WhyNotJson(request.Body.Span) is { } broken)
        {
            return Left(call, "unreadable", ApiRefusal.BadBody($"The body is not JSON: {broken}"));
        }

        return await runner.RunAsync(call) switch
        {
            null => Left(call, "throttled", ApiRefusal.TooMany("Too many requests wait.", "Send the request again later.")),
            { Failed: true } failed => ApiRefusal.Internal(MessageOf(failed), "Send the same request again.").ToReply(),
            { IsRefusal: true } refused => new ApiReply(StatusCodes.Status422UnprocessableEntity, refused.Json),
            { } issued => new ApiReply(StatusCodes.Status200OK, issued.Json),
        };
    }

    private ApiReply Left(FunctionCall call, string outcome, ApiRefusal why)
    {
        log.Called(call, outcome);
        return why.ToReply();
    }

    private static string MessageOf(FunctionResult failed)
    {
        using JsonDocument error = JsonDocument.Parse(failed.Json);
        return error.RootElement.GetProperty("errorMessage").GetString()!;
    }
}
