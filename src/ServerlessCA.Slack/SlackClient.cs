using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ServerlessCA.Core;
using ServerlessCA.Core.Retries;

namespace ServerlessCA.Slack;

/// <summary>Posts messages by Slack's Web API (docs.slack.dev, <c>chat.postMessage</c>). Whatever the server does, a post ends
/// with an outcome; only the caller's own cancellation throws.</summary>
public sealed class SlackClient
{
    private const string Method = "chat.postMessage";

    private readonly HttpClient http;
    private readonly Uri address;
    private readonly TimeProvider clock;
    private readonly SlackRetryPolicy retry;

    /// <summary>Makes a client, which is safe for concurrent use.</summary>
    /// <param name="http">Sends the calls; see <see cref="SlackHttp"/>. Its own timeout should be longer than that of
    /// <paramref name="retry"/>.</param>
    /// <param name="clock">The clock of timeouts and pauses.</param>
    /// <param name="baseAddress">The address of the API; null: Slack's.</param>
    /// <param name="retry">How long and how often to try; null for the defaults.</param>
    public SlackClient(HttpClient http, TimeProvider clock, Uri? baseAddress = null, SlackRetryPolicy? retry = null)
    {
        this.http = http;
        this.clock = clock;
        this.retry = retry ?? new SlackRetryPolicy();
        string folder = (baseAddress ?? DefaultBaseAddress).AbsoluteUri;
        address = new Uri(new Uri(folder.EndsWith('/') ? folder : folder + '/'), Method);
    }

    /// <summary>Slack's own address, <c>https://slack.com/api/</c>.</summary>
    public static Uri DefaultBaseAddress { get; } = new("https://slack.com/api/");

    /// <summary>Posts one message, and retries after rate limits, server errors and network failures.</summary>
    /// <param name="token">The bot's token.</param>
    /// <param name="json">The arguments of <c>chat.postMessage</c>.</param>
    /// <param name="cancellation">Stops waiting; the message may have been posted then.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<SlackOutcome> PostAsync(SlackToken token, string json, CancellationToken cancellation)
    {
        long start = clock.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            SlackAnswer answer = await CallAsync(token, json, cancellation);
            TimeSpan wait = answer.RetryAfter ?? retry.Pauses.After(attempt);
            if (!answer.MayRepeat || attempt >= retry.Attempts || clock.GetElapsedTime(start) + wait > retry.Total)
            {
                return answer.Outcome;
            }

            await Task.Delay(wait, clock, cancellation);
        }
    }

    private async Task<SlackAnswer> CallAsync(SlackToken token, string json, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(retry.CallTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using HttpRequestMessage request = Request(token, json);
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => await SlackAnswer.ReadAsync(response.Content, either.Token),
                HttpStatusCode.TooManyRequests => SlackAnswer.RateLimited(RetryAfter(response.Headers.RetryAfter)),
                >= HttpStatusCode.InternalServerError => SlackAnswer.Failed(Status(response.StatusCode), mayRepeat: true),
                _ => SlackAnswer.Failed(Status(response.StatusCode), mayRepeat: false),
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            string seconds = retry.CallTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return SlackAnswer.Failed($"{address.Host} did not answer within {seconds} s", mayRepeat: true);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return SlackAnswer.Failed($"{address.Host} cannot be reached: {SlackHttp.WhyNot(fault)}", mayRepeat: true);
        }
    }

    private HttpRequestMessage Request(SlackToken token, string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = token.Header();
        request.Headers.UserAgent.ParseAdd(Product.UserAgent);
        return request;
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        TimeSpan? wait = header?.Delta ?? (header?.Date is { } date ? date - clock.GetUtcNow() : null);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private string Status(HttpStatusCode status) =>
        string.Create(CultureInfo.InvariantCulture, $"{address.Host} answered HTTP {(int)status}");
}

/// <summary>Says how long and how often one post is tried. Immutable. The numbers are our decision: a notify function has a
/// minute.</summary>
public sealed record SlackRetryPolicy
{
    /// <summary>The largest number of calls; at least 1.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The timeout of one call, connecting and reading included.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause before the second call. It doubles before each further one, unless Slack itself names a
    /// time.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The pauses as a backoff, which <see cref="Total"/> ends.</summary>
    internal Backoff Pauses => new(FirstPause);

    /// <summary>The time after the first call in which others may begin; a longer <c>Retry-After</c> ends the
    /// attempts.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(30);
}
