using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ServerlessCA.Slack.Tests.Fakes;

/// <summary>Emulates <c>chat.postMessage</c> of Slack's Web API: it checks method, token, content type, JSON and the rules of
/// Block Kit, and answers as Slack does. A test can set other answers for a channel's next calls.</summary>
public sealed class FakeSlack : IAsyncDisposable
{
    public const string Token = "xoxb-123456789012-abcdefghijklmnop";

    private readonly ConcurrentDictionary<string, Queue<Func<HttpContext, Task>>> behaviours = new();
    private readonly ConcurrentQueue<JsonObject> posts = new();
    private LoopbackServer server = null!;

    private FakeSlack()
    {
    }

    /// <summary>The base address for <see cref="SlackClient"/>.</summary>
    public Uri BaseAddress => new(server.Address, "api/");

    /// <summary>All calls, with the failed ones.</summary>
    public IReadOnlyList<ReceivedRequest> Calls => server.Requests;

    /// <summary>Returns the messages that were posted in a channel.</summary>
    public IReadOnlyList<JsonObject> PostsIn(string channel) =>
        [.. posts.Where(post => post["channel"]!.GetValue<string>() == channel)];

    public static async Task<FakeSlack> StartAsync()
    {
        var slack = new FakeSlack();
        slack.server = await LoopbackServer.StartAsync(slack.AnswerAsync);
        return slack;
    }

    /// <summary>Sets the answers of a channel's next calls, one for each; later calls succeed.</summary>
    public void Next(string channel, params IEnumerable<Func<HttpContext, Task>> answers) => behaviours[channel] = new(answers);

    public static Func<HttpContext, Task> RateLimited(string? retryAfter) => async context =>
    {
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        await context.Response.WriteAsync("""{"ok":false,"error":"ratelimited"}""");
    };

    public static Func<HttpContext, Task> Error(string code) => Text($$"""{"ok":false,"error":"{{code}}"}""");

    public static Func<HttpContext, Task> Text(string text, int status = StatusCodes.Status200OK) => async context =>
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(text);
    };

    public static Func<HttpContext, Task> Hang { get; } = context => Task.Delay(Timeout.Infinite, context.RequestAborted);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task AnswerAsync(ReceivedRequest request, HttpContext context)
    {
        JsonObject? post = Read(request, out string? fault);
        if (post is not null && behaviours.TryGetValue(post["channel"]!.GetValue<string>(), out Queue<Func<HttpContext, Task>>? next)
            && next.TryDequeue(out Func<HttpContext, Task>? behaviour))
        {
            await behaviour(context);
            return;
        }

        if (post is null)
        {
            await Error(fault!)(context);
            return;
        }

        posts.Enqueue(post);
        string ts = string.Create(CultureInfo.InvariantCulture, $"1503435956.{posts.Count:d6}");
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync($$"""{"ok":true,"channel":"C123456","ts":"{{ts}}","message":{"type":"message"} }""");
    }

    private static JsonObject? Read(ReceivedRequest request, out string? fault)
    {
        string contentType = request.Headers.GetValueOrDefault("Content-Type", "");
        fault = request.Method != "POST" || request.Path != "/api/chat.postMessage" ? "unknown_method"
            : request.Headers.GetValueOrDefault("Authorization") != $"Bearer {Token}" ? "invalid_auth"
            : contentType != "application/json; charset=utf-8" ? "invalid_post_type"
            : null;
        if (fault is not null)
        {
            return null;
        }

        try
        {
            string strict = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(request.Body);
            JsonObject post = JsonNode.Parse(strict)!.AsObject();
            string[] problems = [.. BlockKitRules.Problems(post)];
            fault = post["channel"]!.GetValue<string>().Length == 0 ? "channel_not_found" : problems.Length > 0 ? "invalid_blocks" : null;
            return fault is null ? post : null;
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException)
        {
            fault = "invalid_json";
            return null;
        }
    }
}
