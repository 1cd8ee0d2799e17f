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

/// <summary>A CA on AWS that issues: its tls-cert function. Every request gets an <c>idempotency_token</c> unless it has
/// one, so that the call can be made again when its answer was lost.</summary>
/// <param name="ca">Where; disposed of with this.</param>
/// <param name="random">Where tokens come from.</param>
/// <param name="terminal">Where a long wait is told.</param>
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
            throw await ca.NotThereAsync("function", ca.IssuerName, fault);
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

    // An empty one counts as none; one of a wrong type is for the CA to refuse.
    private CertificateRequest WithToken(CertificateRequest request) => RequestWriter.Says(request, RequestKeys.IdempotencyToken) || request.CaChainOnly
        ? request
        : request with { IdempotencyToken = $"serverless-ca-{random.Draw()}" };
}

/// <summary>How long the function that issues may take to answer: as long as its configuration says, which is asked for
/// only where an answer is long in coming, or, where that may not be read, as long as any function.</summary>
/// <param name="ca">Whose function.</param>
/// <param name="terminal">Where a person sees why nothing happens.</param>
internal sealed class AnswerTimeout(CloudCa ca, Terminal terminal)
{
    /// <summary>Until the configuration is asked for (our decision: hardly any answer takes so long).</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(10); // beside the function's own time; our decision

    /// <summary>As long as one attempt may take, whatever the function.</summary>
    public static readonly TimeSpan Longest = LambdaClient.LongestRun + OnTheWay;

    private Task<TimeSpan>? found;

    /// <summary>How long to wait in all.</summary>
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
            return LambdaClient.LongestRun; // whoever may invoke it need not be allowed to look at it
        }
    }
}
