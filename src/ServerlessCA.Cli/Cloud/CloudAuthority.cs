using System.Globalization;
using System.Text;
using System.Text.Json;
using ServerlessCA.Aws;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Lambda;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Cloud;

/// <summary>Requests certificates from a CA on AWS through its tls-cert function. Every request gets an
/// <c>idempotency_token</c> unless it has one, so that the call can be retried when its answer was lost.</summary>
/// <param name="ca">The CA, which is disposed of with this.</param>
/// <param name="random">The source of tokens.</param>
/// <param name="terminal">Where a long wait is reported.</param>
internal sealed class CloudAuthority(CloudCa ca, ISerialSource random, Terminal terminal) : IAuthority
{
    private readonly AnswerTimeout timeout = new(ca, terminal);

    /// <inheritdoc/>
    public async Task<AuthorityAnswer> RequestAsync(CertificateRequest request, CancellationToken cancellation)
    {
        InvokeResult answer = await InvokeAsync(RequestWriter.Write(WithToken(request)), cancellation);
        if (answer.FunctionError is not null)
        {
            throw CloudFault.OfFunction(ca.IssuerName, answer);
        }

        try
        {
            return AuthorityAnswer.Read(Encoding.UTF8.GetString(answer.Payload.Span));
        }
        catch (JsonException fault)
        {
            throw new AuthorityFault(
                AuthorityFaultKind.NotFound, $"what the function '{ca.Issuer}' answered is not a CA's answer: {fault.Message}", "check project and environment", mayBeIssued: true, fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ca.Dispose();

    private async Task<InvokeResult> InvokeAsync(byte[] request, CancellationToken cancellation)
    {
        using SignedHttp http = Http();
        try
        {
            var options = new InvokeOptions { IsRepeatable = true, Limit = AnswerTimeout.First, WholeLimit = timeout.FindAsync };
            return await new LambdaClient(http).InvokeAsync(ca.Issuer, request, options, cancellation);
        }
        catch (AwsCallException fault) when (fault.Code == "ResourceNotFoundException")
        {
            throw await ca.NotThereAsync("function", $"{ca.IssuerName}{ca.Alias}", fault);
        }
        catch (AwsCallException fault)
        {
            throw CloudFault.Of(fault, $"allow lambda:InvokeFunction on '{ca.Issuer}', such as with aws_principals of the Terraform module; between two accounts each has to allow it", mayBeIssued: true);
        }
        catch (OperationCanceledException fault)
        {
            throw new AuthorityFault(AuthorityFaultKind.Unreachable, "stopped while the CA was at work", "try again", mayBeIssued: true, fault);
        }
    }

    private SignedHttp Http()
    {
        try
        {
            return ca.Session.Http(AwsService.Lambda);
        }
        catch (SessionUnusableException fault)
        {
            throw CommandFault.Usage(CloudSession.Phrase(fault.Problem), CloudSession.Phrase(fault.Advice));
        }
    }

    // An empty token is replaced; one of a wrong type is for the CA to refuse.
    private CertificateRequest WithToken(CertificateRequest request) => RequestWriter.Has(request, RequestKeys.IdempotencyToken) || request.CaChainOnly
        ? request
        : request with { IdempotencyToken = $"serverless-ca-{random.Draw()}" };
}

/// <summary>Decides how long to wait for the function that issues: as long as its configuration allows it to run, or, where
/// the caller may not read that, as long as any function may run. The configuration is read only when an answer takes
/// long.</summary>
/// <param name="ca">The CA with the function.</param>
/// <param name="terminal">Where a person sees why nothing happens.</param>
internal sealed class AnswerTimeout(CloudCa ca, Terminal terminal)
{
    /// <summary>The time until the configuration is read (our decision: hardly any answer takes so long).</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(10); // network time on top of the function's own; our decision

    /// <summary>The longest time that one attempt may take, with any function.</summary>
    public static readonly TimeSpan Longest = LambdaClient.LongestRun + OnTheWay;

    private Task<TimeSpan>? found;

    /// <summary>Finds out how long to wait in all; the result is stored.</summary>
    public Task<TimeSpan> FindAsync(CancellationToken cancellation)
    {
        if (found is null or { IsCompletedSuccessfully: false, IsCompleted: true })
        {
            found = ReadAsync(cancellation);
        }

        return found;
    }

    private async Task<TimeSpan> ReadAsync(CancellationToken cancellation)
    {
        TimeSpan whole = OnTheWay + await TimeoutAsync(cancellation);
        terminal.Waiting(string.Create(
            CultureInfo.InvariantCulture, $"waiting for '{ca.IssuerName}', which may take {whole.TotalSeconds:0} s"));
        return whole;
    }

    private async Task<TimeSpan> TimeoutAsync(CancellationToken cancellation)
    {
        try
        {
            return await ca.IssuerAsync(cancellation) is { TimeoutSeconds: > 0 } known ? TimeSpan.FromSeconds(known.TimeoutSeconds) : LambdaClient.LongestRun;
        }
        catch (AwsCallException)
        {
            return LambdaClient.LongestRun; // a caller may be allowed to invoke the function, but not to read its configuration
        }
    }
}
