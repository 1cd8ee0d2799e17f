namespace ServerlessCA.Core.Keys;

/// <summary>Bytes to be signed, readable as often as needed: a certificate's TBS in memory, or a CRL's TBS in a
/// spool file. See docs/decisions/0002-signed-content.md.</summary>
public interface ISignedContent
{
    /// <summary>Hands all bytes, in order, in pieces, to <paramref name="sink"/>.</summary>
    void CopyTo(ContentSink sink);
}

/// <summary>Receives a piece of content.</summary>
public delegate void ContentSink(ReadOnlySpan<byte> piece);
