using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Tests.Certificates;

/// <summary>The key of a certificate, answering a signature that it made long ago.</summary>
public sealed class RecordedKey(PublicKey key, byte[] signature) : ICaKey
{
    public KeySpec Spec => KeySpecs.Of(key)!.Value;

    public ReadOnlyMemory<byte> SubjectPublicKeyInfo => key.SubjectPublicKeyInfo;

    public static RecordedKey Of(Certificate certificate, ReadOnlyMemory<byte> signature) =>
        new(certificate.PublicKey!, signature.ToArray());

    public Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation) => Task.FromResult(signature);
}
