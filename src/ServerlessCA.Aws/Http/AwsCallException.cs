using System.Net;

namespace ServerlessCA.Aws.Http;

/// <summary>A call to a service did not work. The message names service and operation, what the service said, and its
/// request id.</summary>
public sealed class AwsCallException : Exception
{
    internal AwsCallException(AwsService service, string operation, AwsError error, Exception? cause = null)
        : base(MessageOf(service, operation, error), cause)
    {
        Service = service;
        Operation = operation;
        Error = error;
    }

    /// <summary>Which service.</summary>
    public AwsService Service { get; }

    /// <summary>Which operation, such as <c>Publish</c>.</summary>
    public string Operation { get; }

    /// <summary>What went wrong, such as <c>ResourceNotFoundException</c>; empty when no answer came.</summary>
    public string Code => Error.Code;

    /// <summary>The request's id, for AWS support; null when no answer came.</summary>
    public string? RequestId => Error.RequestId;

    /// <summary>The answer's HTTP status; null when none came.</summary>
    public HttpStatusCode? Status => Error.Status;

    /// <summary>Whether the service wants fewer calls.</summary>
    public bool IsThrottling => Error.IsThrottling;

    /// <summary>Whether the same call may work later: throttling, a fault of the service, no answer.</summary>
    public bool IsTransient => Error.IsTransient;

    /// <summary>Whether the call may have worked although it failed here.</summary>
    public bool MayHaveWorked => Error.MayHaveWorked;

    internal AwsError Error { get; }

    private static string MessageOf(AwsService service, string operation, AwsError error)
    {
        string code = error.Code.Length > 0 ? error.Code + ": " : "";
        string id = error.RequestId is null ? "" : $" (request {error.RequestId})";
        return $"{service.Id} {operation}: {code}{error.Message}{id}";
    }
}
