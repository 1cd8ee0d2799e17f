namespace ServerlessCA.Lambda.Runtime;

/// <summary>The paths of the Lambda runtime API, version 2018-06-01.</summary>
/// <param name="host"><c>AWS_LAMBDA_RUNTIME_API</c>: host and port.</param>
internal sealed class RuntimeAddress(string host)
{
    private readonly string root = $"http://{host}/2018-06-01/runtime";

    public Uri Next => new($"{root}/invocation/next");

    public Uri InitError => new($"{root}/init/error");

    public Uri Response(string requestId) => new($"{root}/invocation/{requestId}/response");

    public Uri Error(string requestId) => new($"{root}/invocation/{requestId}/error");
}
