using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace ServerlessCA.Server.Http;

/// <summary>Reads bodies whole. What comes too slowly Kestrel ends.</summary>
internal static class RequestBody
{
    /// <summary>Reads it.</summary>
    /// <param name="request">Whose.</param>
    /// <param name="limit">Bytes at most.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The bytes, or why there are none.</returns>
    public static async Task<(ReadOnlyMemory<byte> Bytes, ApiFault? Fault)> ReadAsync(
        HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
        {
            return (default, ApiFault.TooLarge(limit));
        }

        try
        {
            var whole = new ArrayBufferWriter<byte>((int)Math.Max(request.ContentLength ?? 0, 256));
            PipeReader reader = request.BodyReader;
            for (bool ended = false; !ended;)
            {
                ReadResult read = await reader.ReadAsync(cancellation);
                if (whole.WrittenCount + read.Buffer.Length > limit)
                {
                    return (default, ApiFault.TooLarge(limit));
                }

                whole.Write(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                ended = read.IsCompleted;
            }

            return (whole.WrittenMemory, null);
        }
        catch (BadHttpRequestException fault)
        {
            return (default, fault.StatusCode switch
            {
                StatusCodes.Status408RequestTimeout => ApiFault.TooSlow(),
                StatusCodes.Status413PayloadTooLarge => ApiFault.TooLarge(limit),
                _ => ApiFault.Broken(),
            });
        }
        catch (IOException)
        {
            // Kestrel's word for the size of a chunk that no number holds, and for a caller that is gone.
            return (default, ApiFault.Broken());
        }
    }

    private static void Write(this ArrayBufferWriter<byte> whole, ReadOnlySequence<byte> parts)
    {
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            BuffersExtensions.Write(whole, part.Span);
        }
    }
}
