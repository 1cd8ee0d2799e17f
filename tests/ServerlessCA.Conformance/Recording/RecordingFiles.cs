using ServerlessCA.Core.Ports;

namespace ServerlessCA.Conformance.Recording;

/// <summary>A store of published files that records every file put in place.</summary>
internal sealed class RecordingFiles(IPublishedFiles inner, Recorder recorder, string bucket = "external-bucket") : IPublishedFiles
{
    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => inner.ReadAsync(key, cancellation);

    public async Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation)
    {
        bool published = await inner.PublishAsync(file, expected, cancellation);
        if (published)
        {
            recorder.Current.AddFile(file.Key, file.ContentType, file.Content.Span, bucket);
        }

        return published;
    }
}
