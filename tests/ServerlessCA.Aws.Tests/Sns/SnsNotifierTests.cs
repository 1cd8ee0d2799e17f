using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Sns;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators;
using Xunit;

namespace ServerlessCA.Aws.Tests.Sns;

public sealed class SnsNotifierTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private readonly Faults faults = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("lost")]
    [InlineData("answer lost")]
    [InlineData("throttled")]
    public async Task An_event_arrives_whatever_happens_to_the_first_attempt(string what)
    {
        using SubscribedTopic topic = await TopicAsync();
        _ = what switch
        {
            "lost" => faults.Lose(),
            "answer lost" => faults.LoseAnswer(),
            _ => faults.Answer(HttpStatusCode.BadRequest, "<ErrorResponse><Error><Code>Throttled</Code></Error></ErrorResponse>"),
        };

        await NotifierOf(topic).DeliverAsync(Some.Event("one"), Cancellation);

        IEnumerable<Notification> received = (await topic.ReceiveAsync(Cancellation)).Select(SubscribedTopic.NotificationOf);
        Assert.Equal([Some.Event("one")], received.Distinct());
        Assert.Equal(2, faults.Attempts);
    }

    [Fact]
    public async Task What_could_not_be_published_says_where_to()
    {
        using SubscribedTopic topic = await TopicAsync();
        faults.Lose(TestSession.Retry.Attempts);

        NotDeliveredException error = await Assert.ThrowsAsync<NotDeliveredException>(
            () => NotifierOf(topic).DeliverAsync(Some.Event("one"), Cancellation));

        Assert.Contains(topic.Arn, error.Message, StringComparison.Ordinal);
        Assert.Contains("will be tried again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_said_at_once()
    {
        using SubscribedTopic topic = await TopicAsync();
        var notifier = new SnsNotifier(topic.Session.Http(AwsService.Sns), topic.Arn + "-other");

        NotDeliveredException error = await Assert.ThrowsAsync<NotDeliveredException>(
            () => notifier.DeliverAsync(Some.Event("one"), Cancellation));

        Assert.Contains("Check SNS_TOPIC_ARN", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, faults.Attempts);
    }

    [Fact]
    public async Task A_topic_that_does_not_answer_holds_nobody_up_for_as_long_as_other_services_may()
    {
        AwsSettings settings = TestSession.Settings(new Uri("http://127.0.0.1:1"), faults.Hang().Transport);
        using var session = new AwsSession(settings with { Retry = settings.Retry with { Attempts = 1 } });
        var notifier = new SnsNotifier(session.Http(AwsService.Sns), "arn:aws:sns:eu-west-2:123456789012:silent");

        NotDeliveredException error = await Assert.ThrowsAsync<NotDeliveredException>(
            () => notifier.DeliverAsync(Some.Event("one"), Cancellation));

        Assert.Contains("no answer from 127.0.0.1 within 3 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_largest_event_fits_a_topic()
    {
        using SubscribedTopic topic = await TopicAsync();
        const string Odd = "\\\"é🔑<>&+'\\n";
        string text = string.Concat(Enumerable.Repeat(Odd, 40_000));
        var large = new Notification("large", "Certificate Issued", $$"""{"Base64CSR":"{{text}}","Reason":"{{text[..(Odd.Length * 900)]}}"}""");

        await NotifierOf(topic).DeliverAsync(large, Cancellation);

        JsonElement message = Assert.Single(await topic.ReceiveAsync(Cancellation));
        Assert.InRange(Encoding.UTF8.GetByteCount(message.GetProperty("Message").GetString()!), 1, PayloadLimit.TopicBytes - 1000);
        using var payload = JsonDocument.Parse(SubscribedTopic.NotificationOf(message).Json);
        Assert.Equal("", payload.RootElement.GetProperty("Base64CSR").GetString());
        Assert.Contains("Base64CSR left out", payload.RootElement.GetProperty("Note").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":"é 鍵 🔑 < > & ' + ü"}""")]
    [InlineData("""{"a":"\"\\\n\u001f\ud83d\udd11/"}""")]
    public void Wrapping_takes_as_many_bytes_as_the_core_counts(string payload) =>
        Assert.Equal(PayloadLimit.Size(payload) + """{"default":""}""".Length, Encoding.UTF8.GetByteCount(SnsMessage.Of(payload)));

    [Theory]
    [InlineData("Certificate Issued", "Certificate Issued")]
    [InlineData(" a\r\nb\té ", "a  b ?")]
    [InlineData("\n", "Notification")]
    public void A_subject_becomes_what_a_topic_takes(string subject, string expected)
    {
        Assert.Equal(expected, SnsSubject.Of(subject));
        Assert.Equal(100, SnsSubject.Of(subject + new string('x', 200)).Length);
    }

    private async Task<SubscribedTopic> TopicAsync()
    {
        NodeProgram.SkipUnlessInstalled();
        return await SubscribedTopic.CreateAsync(storage.Server.Address, storage.NewName("topic-"), Cancellation, faults.Transport);
    }

    private static SnsNotifier NotifierOf(SubscribedTopic topic) => new(topic.Session.Http(AwsService.Sns), topic.Arn);
}

/// <summary>Runs the port's contract with a queue that is subscribed to the topic.</summary>
public sealed class SnsNotifierContractTests(StorageFixture storage) : NotifierContract, IClassFixture<StorageFixture>, IDisposable
{
    private SubscribedTopic? topic;

    public void Dispose() => topic?.Dispose();

    protected override async Task<INotifier> OpenAsync()
    {
        NodeProgram.SkipUnlessInstalled();
        topic ??= await SubscribedTopic.CreateAsync(storage.Server.Address, storage.NewName("topic-"), Cancellation);
        return new SnsNotifier(topic.Session.Http(AwsService.Sns), topic.Arn);
    }

    protected override async Task<IReadOnlyList<Notification>> ReceivedAsync()
    {
        IReadOnlyList<JsonElement> messages = await topic!.ReceiveAsync(Cancellation);
        return [.. messages.Select(SubscribedTopic.NotificationOf).DistinctBy(one => one.Id)];
    }
}

/// <summary>Creates a topic with a queue that is subscribed to it.</summary>
internal sealed class SubscribedTopic : IDisposable
{
    private readonly AmazonSQSClient sqs;
    private readonly string queueUrl;

    private SubscribedTopic(AwsSession session, AmazonSQSClient sqs, string arn, string queueUrl)
    {
        Session = session;
        this.sqs = sqs;
        Arn = arn;
        this.queueUrl = queueUrl;
    }

    public AwsSession Session { get; }

    public string Arn { get; }

    public static async Task<SubscribedTopic> CreateAsync(
        Uri address, string name, CancellationToken cancellation, Func<HttpMessageHandler, HttpMessageHandler>? transport = null)
    {
        using AwsSession own = TestSession.At(address);
        var sqs = new AmazonSQSClient(
            new BasicAWSCredentials("AKIDEXAMPLE", "secret"),
            new AmazonSQSConfig { ServiceURL = address.ToString(), AuthenticationRegion = TestSession.Region });
        string queueUrl = (await sqs.CreateQueueAsync(name, cancellation)).QueueUrl;
        string arn = await ActAsync(own, $"Action=CreateTopic&Name={name}", "TopicArn", cancellation);
        string queueArn = arn.Replace(":sns:", ":sqs:", StringComparison.Ordinal);
        await ActAsync(own, $"Action=Subscribe&Protocol=sqs&TopicArn={arn}&Endpoint={queueArn}", "SubscriptionArn", cancellation);
        return new SubscribedTopic(TestSession.At(address, transport), sqs, arn, queueUrl);
    }

    /// <summary>fauxqs delivers the whole of <c>{"default": …}</c>; the real SNS delivers its value.</summary>
    public static Notification NotificationOf(JsonElement message)
    {
        using var whole = JsonDocument.Parse(message.GetProperty("Message").GetString()!);
        return new Notification(
            message.GetProperty("MessageAttributes").GetProperty(SnsNotifier.IdAttribute).GetProperty("Value").GetString()!,
            message.GetProperty("Subject").GetString()!,
            whole.RootElement.GetProperty("default").GetString()!);
    }

    /// <summary>Receives everything in the queue, in order, and empties it.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReceiveAsync(CancellationToken cancellation)
    {
        List<JsonElement> all = [];
        while (true)
        {
            ReceiveMessageResponse answer = await sqs.ReceiveMessageAsync(
                new ReceiveMessageRequest { QueueUrl = queueUrl, MaxNumberOfMessages = 10 }, cancellation);
            if (answer.Messages is not { Count: > 0 })
            {
                return all;
            }

            foreach (Message message in answer.Messages)
            {
                using var json = JsonDocument.Parse(message.Body);
                all.Add(json.RootElement.Clone());
                await sqs.DeleteMessageAsync(queueUrl, message.ReceiptHandle, cancellation);
            }
        }
    }

    public void Dispose()
    {
        sqs.Dispose();
        Session.Dispose();
    }

    private static async Task<string> ActAsync(AwsSession session, string form, string element, CancellationToken cancellation)
    {
        using SignedHttp http = session.Http(AwsService.Sns);
        SignedAnswer answer = await http.SendAsync(
            new SignedCall("Set up", HttpMethod.Post, "", Encoding.ASCII.GetBytes(form), "application/x-www-form-urlencoded"), cancellation);
        return XDocument.Parse(Encoding.UTF8.GetString(answer.Body.Span)).Descendants().Single(node => node.Name.LocalName == element).Value;
    }
}
