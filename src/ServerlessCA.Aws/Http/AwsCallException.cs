using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml;

namespace ServerlessCA.Aws.Http;

/// <summary>A call to a service failed. The message names service and operation, what the service said, and the request's
/// id.</summary>
public sealed class AwsCallException : Exception
{
    internal AwsCallException(AwsService service, string operation, AwsError error, Exception? cause = null)
        : base(MessageOf(service, operation, error), cause)
    {
        Service = service;
        Operation = operation;
        Error = error;
    }

    /// <summary>The service that was called.</summary>
    public AwsService Service { get; }

    /// <summary>The operation, such as <c>Publish</c>.</summary>
    public string Operation { get; }

    /// <summary>The error's name, such as <c>ResourceNotFoundException</c>; empty when no answer came.</summary>
    public string Code => Error.Code;

    /// <summary>The request's id, for AWS support; null when no answer came.</summary>
    public string? RequestId => Error.RequestId;

    /// <summary>The answer's HTTP status; null when none came.</summary>
    public HttpStatusCode? Status => Error.Status;

    /// <summary>Whether the service throttled the call.</summary>
    public bool IsThrottling => Error.IsThrottling;

    /// <summary>Whether the same call may succeed later: throttling, a fault of the service, no answer.</summary>
    public bool IsTransient => Error.IsTransient;

    /// <summary>Whether the service may have carried the call out although it failed here.</summary>
    public bool MayHaveWorked => Error.MayHaveWorked;

    internal AwsError Error { get; }

    private static string MessageOf(AwsService service, string operation, AwsError error)
    {
        string code = error.Code.Length > 0 ? error.Code + ": " : "";
        string id = error.RequestId is null ? "" : $" (request {error.RequestId})";
        return $"{service.Id} {operation}: {code}{error.Message}{id}";
    }
}

/// <summary>The error that an attempt failed with. It is read from any of the three protocols: AWS JSON (<c>__type</c>), REST
/// JSON (header <c>x-amzn-ErrorType</c>) and Query (XML). Immutable.</summary>
internal sealed record AwsError
{
    private const int MaxMessage = 500; // characters of an answer in an unknown form

    /// <summary>The error's name without its namespace; empty when no answer came.</summary>
    public required string Code { get; init; }

    /// <summary>What the service says, or what happened on the network.</summary>
    public required string Message { get; init; }

    /// <summary>The request's id; null when no answer came.</summary>
    public string? RequestId { get; init; }

    /// <summary>The HTTP status; null when no answer came.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>Whether the call certainly never reached the service.</summary>
    public bool NeverSent { get; init; }

    /// <summary>Whether the service throttled the call.</summary>
    public bool IsThrottling =>
        Status == HttpStatusCode.TooManyRequests
        || Code.Contains("Throttl", StringComparison.Ordinal)
        || Code.Contains("TooManyRequests", StringComparison.Ordinal)
        || Code is "RequestLimitExceeded" or "SlowDown" or "PriorRequestNotComplete";

    /// <summary>Whether another attempt may succeed.</summary>
    public bool IsTransient => Status is null || (int)Status >= 500 || IsThrottling || Code is "RequestTimeout" or "RequestTimeoutException";

    /// <summary>Whether the call may have been carried out whatever the other properties say: an earlier attempt had no answer,
    /// or the answer reports success and cannot be read.</summary>
    public bool HasPerhapsWorked { get; init; }

    /// <summary>Whether the service may have carried the call out although it failed here.</summary>
    public bool MayHaveWorked => HasPerhapsWorked || (IsTransient && !NeverSent && !IsThrottling);

    /// <summary>Reads the error of an answer.</summary>
    public static AwsError Of(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        string text = Encoding.UTF8.GetString(body);
        (string? code, string? message, string? id) = text.AsSpan().TrimStart() switch
        {
            ['{', ..] => OfJson(text),
            ['<', ..] => OfXml(text),
            _ => default,
        };
        string? named = Header(response, "x-amzn-ErrorType");
        return new AwsError
        {
            Code = Short((string.IsNullOrEmpty(named) ? code : named) ?? response.StatusCode.ToString()),
            Message = message ?? Cut(text.ReplaceLineEndings(" ").Trim()),
            RequestId = Header(response, "x-amzn-RequestId") ?? Header(response, "x-amz-request-id") ?? id,
            Status = response.StatusCode,
        };
    }

    /// <summary>Makes the error of a call that had no answer.</summary>
    public static AwsError OfTransport(HttpRequestException fault, AwsEndpoint endpoint) => new()
    {
        Code = "",
        Message = AwsEndpoint.AdviceOn(fault, endpoint.Address.Host, endpoint.UseFips, endpoint.UseDualStack) ?? fault.Message,
        NeverSent = fault.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    /// <summary>Makes the error of an answer that cannot be read. Another attempt would bring the same answer.</summary>
    public static AwsError Unreadable(string why) => new()
    {
        Code = "",
        Message = why,
        Status = HttpStatusCode.OK,
        HasPerhapsWorked = true,
    };

    // Services write "com.amazon.x#Code" and "Code:http://…".
    private static string Short(string code) => code[(code.IndexOf('#', StringComparison.Ordinal) + 1)..].Split(':')[0];

    private static string Cut(string text) => text.Length <= MaxMessage ? text : text[..MaxMessage] + "…";

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;

    private static (string? Code, string? Message, string? Id) OfJson(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            JsonElement root = json.RootElement;
            return (root.Text("__type") ?? root.Text("code"), root.Text("message") ?? root.Text("Message"), null);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static (string? Code, string? Message, string? Id) OfXml(string text)
    {
        string? code = null, message = null, id = null;
        try
        {
            using var xml = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            while (!xml.EOF)
            {
                switch (xml.NodeType == XmlNodeType.Element ? xml.LocalName : "")
                {
                    case "Code": code = xml.ReadElementContentAsString(); break;
                    case "Message": message = xml.ReadElementContentAsString(); break;
                    case "RequestId": id = xml.ReadElementContentAsString(); break;
                    default: xml.Read(); break;
                }
            }
        }
        catch (XmlException)
        {
            // What was read so far is reported.
        }

        return (code, message, id);
    }
}
