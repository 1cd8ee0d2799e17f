using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Sns;
using ServerlessCA.Aws.Tests.Support;
using ServerlessCA.Core.Notifications;

namespace ServerlessCA.Aws.Tests.Sns;

/// <summary>A topic with a queue that is subscribed to it.</summary>
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

    /// <summary>fauxqs delivers the whole of <c>{"default": …}</c>; the real SNS what stands in it.</summary>
    public static Notification NotificationOf(JsonElement message)
    {
        using var whole = JsonDocument.Parse(message.GetProperty("Message").GetString()!);
        return new Notification(
            message.GetProperty("MessageAttributes").GetProperty(SnsNotifier.IdAttribute).GetProperty("Value").GetString()!,
            message.GetProperty("Subject").GetString()!,
            whole.RootElement.GetProperty("default").GetString()!);
    }

    /// <summary>Everything in the queue, in order; it stays empty.</summary>
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
