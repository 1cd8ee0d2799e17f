using System.Web;
using ServerlessCA.Conformance.Recording;

namespace ServerlessCA.Conformance.Aws;

/// <summary>Records what is published to the topic, as it stands in the request; requests go on to the emulator.</summary>
internal sealed class TopicRecorder(Recorder recorder, HttpMessageHandler transport) : DelegatingHandler(transport)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var form = request.Content?.Headers.ContentType?.MediaType == "application/x-www-form-urlencoded"
            ? HttpUtility.ParseQueryString(await request.Content.ReadAsStringAsync(cancellationToken))
            : null;
        HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
        if (form?["Action"] == "Publish" && answer.IsSuccessStatusCode)
        {
            recorder.Current.AddPublished(form["Subject"]!, form["Message"]!, form["MessageStructure"]!);
        }

        return answer;
    }
}
