using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Signing;
using ServerlessCA.Core;

namespace ServerlessCA.Aws.Http;

/// <summary>Calls a service over HTTP with Signature Version 4. Transient faults (429, 5xx, throttling, a broken connection, no
/// answer in time) are retried after a pause, with a new signature. Safe for concurrent use.</summary>
public sealed class SignedHttp : IDisposable
{
    private readonly AwsEndpoint endpoint;
    private readonly HttpClient http;
    private readonly AwsRetryPolicy retry;
    private readonly TimeProvider clock;

    internal SignedHttp(
        AwsEndpoint endpoint, AWSCredentials credentials, HttpMessageHandler transport, AwsRetryPolicy retry, TimeProvider clock)
    {
        this.endpoint = endpoint;
        this.retry = retry;
        this.clock = clock;
        var parameters = new AWSSigV4Parameters
        {
            Credentials = credentials,
            Region = RegionEndpoint.GetBySystemName(endpoint.Region),
            Service = endpoint.Service.SigningName,
        };
        http = new HttpClient(new SigV4SigningHandler(parameters, transport), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd(Product.UserAgent);
    }

    /// <summary>Makes a call and retries transient faults.</summary>
    /// <exception cref="AwsCallException">The call failed, or no answer came; see
    /// <see cref="AwsCallException.MayHaveWorked"/>.</exception>
    public async Task<SignedAnswer> SendAsync(SignedCall call, CancellationToken cancellation)
    {
        bool mayHaveWorked = false;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await AttemptAsync(call, cancellation);
            }
            catch (AwsCallException fault)
            {
                mayHaveWorked |= fault.MayHaveWorked;
                bool again = fault.Error.IsTransient && (call.IsRepeatable || !fault.MayHaveWorked);
                if (!again || attempt >= retry.Attempts)
                {
                    throw fault.MayHaveWorked == mayHaveWorked
                        ? fault
                        : new AwsCallException(endpoint.Service, call.Operation, fault.Error with { HasPerhapsWorked = true }, fault);
                }
            }

#pragma warning disable RS0030 // It only spreads callers over time: no result depends on it.
            await Task.Delay(retry.Pauses.After(attempt, Random.Shared.NextDouble()), clock, cancellation);
#pragma warning restore RS0030
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<SignedAnswer> AttemptAsync(SignedCall call, CancellationToken cancellation)
    {
        await using var attempt = new AnswerDeadline(call, call.Limit ?? retry.Attempt, clock, cancellation);
        try
        {
            using HttpRequestMessage message = call.Message(endpoint.Address);
            using HttpResponseMessage response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, attempt.Token);
            byte[] body = await BodyAsync(response, call.MaxAnswerBytes, attempt.Token);
            return response.IsSuccessStatusCode
                ? new SignedAnswer(body, response.Headers, why => Fault(call, AwsError.Unreadable(why)))
                : throw Fault(call, AwsError.Of(response, body));
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw Fault(call, AwsError.Unreadable($"the answer has more than {call.MaxAnswerBytes} bytes"), fault);
        }
        catch (HttpRequestException fault)
        {
            throw Fault(call, AwsError.OfTransport(fault, endpoint), fault);
        }
        catch (Exception fault) when (SdkFault.IsOne(fault))
        {
            throw Fault(call, new AwsError { Code = "", Message = fault.Message, NeverSent = fault is not IOException }, fault);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            string text = $"no answer from {endpoint.Address.Host} within {attempt.Limit.TotalSeconds:0.###} s";
            throw Fault(call, new AwsError { Code = "", Message = text }, late);
        }
    }

    private static async Task<byte[]> BodyAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellation)
    {
        await response.Content.LoadIntoBufferAsync(maxBytes, cancellation);
        return await response.Content.ReadAsByteArrayAsync(cancellation);
    }

    private AwsCallException Fault(SignedCall call, AwsError error, Exception? cause = null) =>
        new(endpoint.Service, call.Operation, error, cause);
}

/// <summary>Ends an attempt whose timeout has passed without an answer.</summary>
internal sealed class AnswerDeadline : IAsyncDisposable
{
    private readonly CancellationTokenSource source;
    private readonly SignedCall call;
    private readonly TimeProvider clock;
    private readonly Task running;

    /// <summary>Starts the timeout.</summary>
    public AnswerDeadline(SignedCall call, TimeSpan limit, TimeProvider clock, CancellationToken cancellation)
    {
        source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        (this.call, this.clock, Limit) = (call, clock, limit);
        running = RunAsync();
    }

    /// <summary>A token that is cancelled when the timeout has passed, or when the caller cancels.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>The timeout, as far as it is known.</summary>
    public TimeSpan Limit { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await source.CancelAsync();
        await running;
        source.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            TimeSpan first = Limit;
            await Task.Delay(first, clock, Token);
            if (call.WholeLimit is { } ask && await ask(Token) is var whole && whole > first)
            {
                Limit = whole;
                await Task.Delay(whole - first, clock, Token);
            }

            await source.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The answer is there, or the caller has stopped waiting.
        }
    }
}
